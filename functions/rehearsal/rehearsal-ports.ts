import { createCheckQueue } from "../ledger/check-queue.ts";
import { createDynamoDirectory } from "../ledger/dynamo-directory.ts";
import { createDynamoLedger } from "../ledger/dynamo-ledger.ts";
import type { Ports } from "../ports.ts";
import { conferenceSid } from "../recording/ids.ts";
import { createSignalWire } from "../signalwire/client.ts";
import { createMadeUpAws } from "./made-up-aws.ts";
import { createMadeUpSignalWire } from "./made-up-signalwire.ts";

/** No conference of SignalWire's. */
export const rehearsed = conferenceSid("00000000-0000-0000-0000-000000000000");

/** Nobody's name (RFC 2606). */
export const nobody = "rehearsal.invalid";

const access = async () => ({ space: nobody, apiToken: "none" });

/**
 * Ports that lead nowhere: one made-up conference with one recording, its ledger and its SignalWire in memory. Nothing that
 * happens on them is known outside, but it goes through the same code up to the requests themselves.
 */
export function rehearsalPorts({ policy, now, sleep, newId, random }: Ports) {
  const aws = createMadeUpAws();
  const connections = createMadeUpSignalWire();
  const signalwire = createSignalWire({
    credentials: { project: access, projectAgain: access },
    now,
    sleep,
    random,
    alarm: () => undefined,
    connectionsTo: () => connections,
  });
  const table = { dynamodb: aws, table: "rehearsal" };
  const ports: Ports = {
    // Read by another than wrote it, which would read nothing out of what it has written itself.
    ledger: { ...createDynamoLedger(table), newest: createDynamoLedger(table).newest },
    directory: createDynamoDirectory({ ...table, now }),
    checks: createCheckQueue({ sqs: aws, queueUrl: "rehearsal" }),
    signalwire,
    policy,
    now,
    sleep,
    newId,
    random,
    ready: async () => undefined,
    alarm: () => undefined,
    measure: () => undefined,
  };
  return { ports, signalwire };
}
