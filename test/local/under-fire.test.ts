import { createHmac, randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type LocalStack, startStack } from "../../infra/local/stack.ts";
import { type SlowSignalWire, startSlowSignalWire } from "../fixtures/slow-signalwire.ts";

// The built bundles, in processes of their own, under races, delayed resumes and kill -9.

let stack: LocalStack;
let signalwire: SlowSignalWire;

beforeAll(async () => {
  signalwire = await startSlowSignalWire();
  stack = await startStack({ port: 0, signalwire: signalwire.url });
});
afterAll(async () => {
  await stack?.close();
  await signalwire?.close();
});
beforeEach(() => {
  signalwire.resumeAfterMs = 0;
  signalwire.onResume = () => undefined;
});

type Answer = {
  readonly wanted: string;
  readonly confirmed: boolean;
  readonly safeToCollect: boolean;
  readonly holds: readonly { readonly id: string }[];
};

/** A function's answer; undefined: the invocation failed. */
async function control(input: object): Promise<Answer | undefined> {
  const response = await fetch(`${stack.url}/2015-03-31/functions/control/invocations`, {
    method: "POST",
    body: JSON.stringify(input),
  });
  return response.headers.has("x-amz-function-error") ? undefined : ((await response.json()) as Answer);
}
const status = (conference: string, hold?: string) =>
  control({ action: "status", conference, ...(hold === undefined ? {} : { hold }) });

/** One signal; the sender's time orders the operations of a hold. */
async function signal(type: "pause" | "resume", conference: string, hold: string, at: number) {
  const id = `msg_${randomUUID()}`;
  const seconds = String(Math.floor(Date.now() / 1000));
  const data = { conference, hold, ...(type === "pause" ? { reason: "consult" } : {}) };
  const text = JSON.stringify({ type: `recording.${type}`, timestamp: new Date(at).toISOString(), data });
  const key = Buffer.from(stack.senderSecret.slice("whsec_".length), "base64");
  const signature = createHmac("sha256", key).update(`${id}.${seconds}.${text}`).digest("base64");
  const response = await fetch(`${stack.url}/signals/${stack.sender}`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "webhook-id": id,
      "webhook-timestamp": seconds,
      "webhook-signature": `v1,${signature}`,
    },
    body: text,
  });
  const answer = (await response.json().catch(() => undefined)) as Answer | undefined;
  return { status: response.status, answer };
}

async function press(digit: string, conference: string, call: string): Promise<number> {
  const url = `${stack.url}/telephony/digits?conference=${conference}`;
  const fields = { AccountSid: stack.project, CallSid: call, CallStatus: "in-progress", Digits: digit };
  const data =
    url +
    Object.entries(fields)
      .map(([name, value]) => name + value)
      .join("");
  const response = await fetch(url, {
    method: "POST",
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      "x-signalwire-signature": createHmac("sha1", stack.signingKey).update(data).digest("base64"),
    },
    body: new URLSearchParams(fields).toString(),
  });
  await response.text();
  return response.status;
}

/** Asks until it is so. The end of the test is the only limit, so that a slow machine waits longer and nothing else. */
async function until<Value>(ask: () => Promise<Value | undefined>): Promise<Value> {
  for (;;) {
    const value = await ask();
    if (value !== undefined) return value;
    await sleep(250);
  }
}

/** At rest: what is wanted was seen to be so. */
const atRest = (conference: string): Promise<Answer> =>
  until(async () => {
    const answer = await status(conference);
    const isSo = signalwire.statuses(conference).every((one) => one === answer?.wanted);
    return answer !== undefined && isSo ? answer : undefined;
  });

const pick = <Item>(items: readonly Item[], index: number): Item => items[index % items.length] as Item;

describe("the local stack", () => {
  test("never calls a hold confirmed that a delayed resume of the one before can break", async () => {
    signalwire.resumeAfterMs = 3_000;
    const safe = new Set<string>();
    const broken: string[] = [];
    signalwire.onResume = (conference) => {
      if (safe.has(conference)) broken.push(conference);
    };
    const play = async (gapMs: number): Promise<void> => {
      const conference = randomUUID();
      signalwire.conference(conference);
      const now = Date.now();
      await signal("pause", conference, "first", now);
      const releasing = signal("resume", conference, "first", now + 1);
      await sleep(gapMs);
      const { answer } = await signal("pause", conference, "second", now + 2);
      if (answer?.safeToCollect) safe.add(conference);
      await releasing;
      await until(async () => ((await status(conference, "second"))?.safeToCollect ? true : undefined));
      safe.add(conference);
      expect(signalwire.statuses(conference)).toEqual(["paused", "paused"]);
    };
    await Promise.all([0, 20, 60, 150, 400, 1_000].map(play));
    // What is still on its way arrives.
    await sleep(signalwire.resumeAfterMs);
    expect(broken).toEqual([]);
  });

  test("has what the holds imply after 20 triggers at once, round after round", async () => {
    const conferences: string[] = [];
    for (let round = 0; round < 8; round += 1) {
      const conference = randomUUID();
      conferences.push(conference);
      signalwire.conference(conference);
      const now = Date.now();
      const triggers = Array.from({ length: 20 }, (_, index) => {
        const at = now + ((index * 7 + round) % 20) * 100;
        const hold = pick(["a", "b", "c"], index);
        const isPause = (index + round) % 3 !== 0;
        if (index % 5 === 3) return press(isPause ? "1" : "2", conference, pick(calls, index));
        if (index % 5 === 4) {
          const operation = isPause ? { action: "pause", reason: "consult" } : { action: "resume" };
          const timestamp = new Date(at).toISOString();
          return control({ ...operation, conference, hold, actor: "operator", timestamp });
        }
        return signal(isPause ? "pause" : "resume", conference, hold, at);
      });
      await Promise.all(triggers);
    }
    for (const conference of conferences) {
      const { wanted, holds } = await atRest(conference);
      expect(wanted).toBe(holds.length > 0 ? "paused" : "in-progress");
    }
  });

  test("puts right what was going on when its processes were killed", async () => {
    const names = ["signals", "control", "telephony", "check"];
    const play = async (round: number): Promise<string> => {
      const conference = randomUUID();
      signalwire.conference(conference);
      const now = Date.now();
      // As a sender does: the same again until there is an answer that means something. 409: the release was there first.
      const send = (type: "pause" | "resume", hold: string, at: number) =>
        until(async () => {
          const { status } = await signal(type, conference, hold, at);
          return [200, 202, 409].includes(status) ? true : undefined;
        });
      const sending = [
        send("pause", "a", now),
        send("pause", "b", now),
        send("resume", "a", now + 1),
        ...(round % 2 === 0 ? [send("resume", "b", now + 1)] : []),
      ];
      for (let kill = 0; kill < 4; kill += 1) {
        await sleep(40 + ((round * 53 + kill * 31) % 200));
        stack.kill(pick(names, round + kill));
      }
      await Promise.all(sending);
      stack.kill("signals");
      const { wanted } = await atRest(conference);
      return wanted;
    };
    const wanted: string[] = [];
    for (let round = 0; round < 6; round += 1) wanted.push(await play(round));
    expect(wanted).toEqual(["in-progress", "paused", "in-progress", "paused", "in-progress", "paused"]);
  });

  test("releases a hold when its time has come, without anybody asking", async () => {
    const conference = randomUUID();
    signalwire.conference(conference);
    await control({
      action: "pause",
      conference,
      reason: "consult",
      actor: "operator",
      expiresInSeconds: 5,
    });
    expect(signalwire.statuses(conference)).toEqual(["paused", "paused"]);
    await until(async () =>
      signalwire.statuses(conference).every((one) => one === "in-progress") ? true : undefined,
    );
    expect((await status(conference))?.holds).toEqual([]);
  });
});

const calls = ["5ea1c0de-0000-4000-8000-0000000000c1", "5ea1c0de-0000-4000-8000-0000000000c2"];
