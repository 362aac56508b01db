import { expect, test } from "vitest";
import { judge } from "./load/judge.ts";
import type { StackInUse } from "./load/stack.ts";
import type { Sent } from "./load/triggers.ts";

// "Nothing is lost" is worth as much as the judge that says so.

const conference = { conference: "c", recordings: ["one", "two"] };
const entry = (cause: object, type: string) => ({
  cause: { source: "signal:payments", ...cause },
  facts: [{ type }],
});

/** A stack that answers what it is told to. */
const stackWith = (
  entries: readonly object[],
  holds: readonly string[],
  statuses: Readonly<Record<string, string>>,
): StackInUse => ({
  pid: 0,
  sender: "payments",
  conference: async () => conference,
  statusOf: async (recording) => statuses[recording] ?? "",
  signal: async () => ({ status: 0, body: "" }),
  press: async () => ({ status: 0, body: "" }),
  control: async (input) =>
    "action" in input && input.action === "ledger"
      ? { entries }
      : {
          wanted: holds.length > 0 ? "paused" : "in-progress",
          holds: holds.map((id) => ({ id, source: "signal:payments" })),
        },
  close: async () => undefined,
});
const sent = (more: Partial<Sent>): Sent => ({
  kind: "signal",
  conference: "c",
  id: "msg_1",
  verb: "pause",
  hold: "a",
  at: 1,
  ms: 5,
  reply: { status: 200, body: "" },
  ...more,
});
const paused = { one: "paused", two: "paused" };
const running = { one: "in-progress", two: "in-progress" };
const placed = entry({ request: "msg_1" }, "hold-placed");
const pressed = entry({ source: "telephony", request: "r", call: "leg" }, "hold-placed");
const spoken = { kind: "digit", id: "leg", hold: "leg" } as const;
const fine = { conferences: 1, lost: 0, wrong: 0, wrongHolds: 0 };

test.each<[string, StackInUse, readonly Sent[], object]>([
  [
    "what is in the ledger and holds",
    stackWith([placed], ["a"], paused),
    [sent({})],
    { ...fine, accepted: 1 },
  ],
  ["an accepted signal that is in no ledger", stackWith([], ["a"], paused), [sent({})], { lost: 1 }],
  [
    "a signal that was not accepted",
    stackWith([], [], running),
    [sent({ reply: { status: 503, body: "" } })],
    { ...fine, accepted: 0 },
  ],
  ["an accepted key", stackWith([pressed], [], running), [sent(spoken)], { ...fine, accepted: 1 }],
  [
    "two accepted keys and one entry",
    stackWith([pressed], [], running),
    [sent(spoken), sent(spoken)],
    { lost: 1 },
  ],
  [
    "a key whose caller was warned",
    stackWith([], [], running),
    [sent({ ...spoken, reply: { status: 200, body: "could not be paused" } })],
    { ...fine, accepted: 0 },
  ],
  [
    "one recording that runs under a hold",
    stackWith([placed], ["a"], { one: "paused", two: "in-progress" }),
    [sent({})],
    { wrong: 1 },
  ],
  [
    "recordings that stay paused without a hold",
    stackWith([placed], [], paused),
    [sent({ verb: "resume" })],
    { wrong: 1 },
  ],
  [
    "a hold that is gone although its pause came last",
    stackWith([placed], [], running),
    [sent({})],
    { wrongHolds: 1 },
  ],
  [
    "a hold that is there although its release came last",
    stackWith([placed], ["a"], paused),
    [sent({ at: 1 }), sent({ at: 2, verb: "resume" })],
    { wrongHolds: 1 },
  ],
])("%s", async (_name, stack, all, expected) => {
  expect(await judge(stack, [conference], all, 0)).toMatchObject(expected);
});
