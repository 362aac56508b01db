import { expect, test } from "vitest";
import { readCheck } from "../../functions/ledger/check-queue.ts";
import { type CheckTold, checksHandler } from "../../functions/trigger/checks.ts";

const check = {
  project: "11111111-1111-4111-8111-111111111111",
  conference: "22222222-2222-4222-8222-222222222222",
  chain: "33333333-3333-4333-8333-333333333333",
  hop: 2,
};
const { chain: _, ...shown } = check;

/** Hands over the messages m-0, m-1, … at once. */
async function deliver(bodies: readonly string[], check: () => Promise<void> = async () => {}) {
  const told: CheckTold[] = [];
  const handler = checksHandler({ read: readCheck, check, tell: (one) => told.push(one) });
  const Records = bodies.map((body, index) => ({ messageId: `m-${index}`, body }));
  return { answer: await handler({ Records } as never), told };
}

test("a check is told of with the conference that it was about", async () => {
  const { answer, told } = await deliver([JSON.stringify(check)]);
  expect(answer).toEqual({ batchItemFailures: [] });
  expect(told).toEqual([{ requestId: "m-0", ...shown }]);
});

test("one that fails goes back to the queue, and is told of with its conference and the kind of error", async () => {
  const { answer, told } = await deliver([JSON.stringify(check)], () =>
    Promise.reject(new RangeError("secret")),
  );
  expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: "m-0" }] });
  expect(told).toEqual([{ requestId: "m-0", ...shown, error: "RangeError" }]);
});

test("a message that is no check goes back, keeps no other from being done, and is not repeated", async () => {
  const { answer, told } = await deliver(["4111111111111111", JSON.stringify(check)]);
  expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: "m-0" }] });
  expect(told).toContainEqual({ requestId: "m-0", error: "UnreadableCheck" });
  expect(told).toContainEqual({ requestId: "m-1", ...shown });
});
