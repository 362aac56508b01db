import { createHmac } from "node:crypto";
import type { Random } from "../simulation/random.ts";
import { damaged, damagedBytes, hostileBytes, hostileText } from "./hostile.ts";
import { damagedHeaders } from "./http-events.ts";

const sign = (key: Buffer, id: string, timestamp: string, body: Buffer): string =>
  `v1,${createHmac("sha256", key).update(`${id}.${timestamp}.`).update(body).digest("base64")}`;

/** What is right for the stack that it is sent to. */
export type SignalTarget = {
  readonly project: string;
  readonly conference: string;
  readonly sender: string;
  readonly senderKey: Buffer;
  readonly nowMs: number;
};

function validSignal(
  random: Random,
  { project, conference, nowMs }: SignalTarget,
): { type: string; timestamp: string; data: Record<string, unknown> } {
  const type = random.pick(["recording.pause", "recording.pause", "recording.resume", "recording.stop"]);
  const target = random.pick([{ conference }, { conference }, { room: "support" }, { call: conference }]);
  const hold = { hold: `payment-${random.whole(1, 3)}`, reason: "card-entry" };
  const expiry = random.oneIn(3) ? { expiresInSeconds: random.whole(5, 14_400), pauseBehavior: "skip" } : {};
  const timestamp = new Date(nowMs - random.whole(-300_000, 600_000)).toISOString();
  return {
    type,
    timestamp,
    data: { project, ...target, ...(type.endsWith("stop") ? {} : { ...hold, ...expiry }) },
  };
}

/** One delivery, most of it right; what it is known to be is told with it. */
export function delivery(random: Random, marker: string, target: SignalTarget) {
  const { sender, senderKey, nowMs } = target;
  const said = random.oneIn(10)
    ? validSignal(random, target)
    : damaged(random, validSignal(random, target), marker);
  let body: Buffer = Buffer.from(JSON.stringify(said) ?? "undefined");
  if (random.oneIn(8)) body = damagedBytes(random, body);
  if (random.oneIn(50))
    body = random.pick([hostileBytes(random), Buffer.alloc(70_000, "["), Buffer.alloc(60_000, '{"a":')]);
  const id = random.oneIn(10) ? hostileText(random) + marker : "msg_1";
  const timestamp = String(Math.floor(nowMs / 1000) + (random.oneIn(10) ? random.whole(-900, 900) : 0));
  const isRight = !random.oneIn(4);
  const signature = isRight
    ? sign(senderKey, id, timestamp, body)
    : random.pick([
        sign(Buffer.alloc(32), id, timestamp, body),
        sign(senderKey, "msg_2", timestamp, body),
        `v1,${marker}`,
        marker,
      ]);
  const right = {
    "content-type": "application/json",
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": signature,
  };
  const headers = random.oneIn(6) ? damagedHeaders(random, right, marker) : right;
  const path = random.oneIn(12)
    ? random.pick([`/signals/${marker}`, "/signals/", `/${hostileText(random)}`, `/signals/${sender}/x`])
    : `/signals/${sender}`;
  const method = random.oneIn(30) ? random.pick(["GET", "PUT", "post", marker]) : "POST";
  return { parts: { path, query: random.oneIn(10) ? marker : "", method, headers, body }, isRight };
}
