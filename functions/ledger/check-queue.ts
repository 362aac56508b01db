import { setImmediate as nextTurn } from "node:timers/promises";
import * as z from "zod/mini";
import type { AwsService } from "../aws/service.ts";
import { conferenceSid, isUuid, projectId } from "../recording/ids.ts";
import type { Check, CheckQueue } from "./ledger.ts";

/** It is not known whether the check is on the queue. */
export class CheckNotQueued extends Error {
  override readonly name = "CheckNotQueued";
}

/**
 * The queue of checks in SQS. `send` rejects with CheckNotQueued, after `timeoutMs` at the latest. What is asked in the
 * same turn of the event loop goes out first: a pause waits for the ledger, not for the signing of this.
 */
export function createCheckQueue(options: {
  readonly sqs: AwsService;
  readonly queueUrl: string;
  readonly timeoutMs?: number;
}): CheckQueue {
  const { sqs, queueUrl, timeoutMs = 1000 } = options;
  return {
    async send({ project, conference, chain, hop }, delaySeconds) {
      const input = {
        QueueUrl: queueUrl,
        MessageBody: JSON.stringify({ project, conference, chain, hop }),
        DelaySeconds: delaySeconds,
      };
      try {
        await nextTurn();
        await sqs.call("SendMessage", input, z.object({ MessageId: z.string() }), timeoutMs);
      } catch (cause) {
        throw new CheckNotQueued("the check is not known to be queued", { cause });
      }
    },
  };
}

/**
 * Opens a connection for the next check, with a batch of no messages: SQS refuses it, and our role may do nothing at the queue
 * but send. Never rejects.
 */
export async function openCheckQueue(sqs: AwsService, queueUrl: string, timeoutMs: number): Promise<void> {
  const input = { QueueUrl: queueUrl, Entries: [] };
  await sqs.call("SendMessageBatch", input, z.unknown(), timeoutMs).catch(() => undefined);
}

const uuid = z.string().check(z.refine(isUuid));
const message = z.strictObject({
  project: z.pipe(uuid, z.transform(projectId)),
  conference: z.pipe(uuid, z.transform(conferenceSid)),
  chain: z.string().check(z.minLength(1), z.maxLength(128)),
  hop: z.int().check(z.nonnegative()),
});

/** The check in a message's body, or undefined if it is none of ours. */
export function parseCheck(body: string): Check | undefined {
  try {
    return message.parse(JSON.parse(body));
  } catch {
    return undefined;
  }
}

/** A message that no check of ours can be: it belongs among the dead letters. */
export class UnreadableCheck extends Error {
  override readonly name = "UnreadableCheck";
}

/** @throws UnreadableCheck */
export function readCheck(body: string): Check {
  const check = parseCheck(body);
  if (check === undefined) throw new UnreadableCheck("the message is no check");
  return check;
}
