import { expect, test } from "vitest";
import { createQueries } from "../../functions/questions/queries.ts";
import { callSid, recordingSid } from "../../functions/recording/ids.ts";
import { conference, createBench, first, place, project, start } from "./bench.ts";

const question = { project, target: { by: "conference", conference }, receivedAt: start } as const;
const none = { page: async () => ({ ledgers: [], strays: 0 }) };

test("a status lists no hold that has expired, and calls nothing safe for it", async () => {
  const bench = createBench({ [first]: "in-progress" });
  const brief = { ...place("payment-1"), expiresInSeconds: 60 } as ReturnType<typeof place>;
  await bench.handle(bench.command(brief));
  const { status } = createQueries(bench.ports, bench.ledger, none);
  expect(await status(question)).toMatchObject({ answer: { safeToCollect: true, wanted: "paused" } });
  bench.clock.now += 61_000;
  const late = await status({ ...question, receivedAt: bench.clock.now });
  expect(late).toMatchObject({ answer: { safeToCollect: false, confirmed: false, holds: [] } });
});

test("a status looks at the recording of a call that is in its star menu too", async () => {
  const call = callSid("44444444-4444-4444-8444-444444444444");
  const bench = createBench({});
  bench.signalwire.recordings.set(recordingSid(first), { status: "in-progress", call });
  await bench.handle(bench.command(place("payment-1")));
  const asked: unknown[] = [];
  const { look } = bench.signalwire;
  const signalwire: typeof bench.signalwire = {
    ...bench.signalwire,
    look: (ref, options) => {
      asked.push(options.calls);
      return look(ref, options);
    },
  };
  await createQueries({ ...bench.ports, signalwire }, bench.ledger, none).status(question);
  expect(asked).toEqual([[call]]);
});
