import type { Context } from "aws-lambda";
import { describe, expect, test } from "vitest";
import { projectId } from "../../functions/recording/ids.ts";
import { senderSecrets } from "../../functions/secrets.ts";
import { httpChain } from "../../functions/trigger/http-chain.ts";
import { signalsDoor } from "../../functions/trigger/signals.ts";
import { done } from "../fixtures/telephony-bench.ts";
import { signedSignal } from "../trigger/signed-signal.ts";
import { environments, rotation } from "./many-environments.ts";
import { asOfFiveMinutes, asOfTenSeconds, replaceKey, situations } from "./replace-key.ts";

const project = projectId("b3877c40-da60-4998-90ad-b792e98472af");
const name = "holdfast/test/senders";
const secretOf = (byte: number) => `whsec_${Buffer.alloc(32, byte).toString("base64")}`;
const secrets = { older: secretOf(1), newer: secretOf(2), stranger: secretOf(3) };

const virtual = rotation();
const put = (...listed: string[]) => virtual.put(name, { payments: { secrets: listed, allow: ["pause"] } });

/** A process of `signals`, with what it last read of the senders. */
function process() {
  const door = signalsDoor({
    keys: senderSecrets(name, virtual.ports()),
    projects: [project],
    handleCommand: async () => done(),
  });
  return httpChain(door, { now: virtual.now, tell: () => undefined });
}

function signal(secret: string) {
  const body = JSON.stringify({
    type: "recording.pause",
    timestamp: new Date(virtual.now()).toISOString(),
    data: { conference: "43bb71ee-553f-4074-bb20-8e2747647cce", hold: "payment-7f3a", reason: "card-entry" },
  });
  const timestamp = String(Math.floor(virtual.now() / 1000));
  return signedSignal({ body, secret, timestamp });
}

describe("a sender's secret is replaced under 50 requests a second", () => {
  test.each(situations)(
    "%s: none that is valid is refused, none by the old secret is taken once it is withdrawn",
    async (_, isBusy) => {
      await put(secrets.older);
      const processes = environments.map(process);
      const found = await replaceKey(virtual, {
        isBusy,
        send: async (environment, who) =>
          (await processes[environment]?.(signal(secrets[who]), {} as Context))?.statusCode ?? 0,
        list: (...who) => put(...who.map((one) => secrets[one])),
      });
      expect(found).toEqual(isBusy ? asOfTenSeconds(200, 401) : asOfFiveMinutes(200, 401));
    },
  );
});
