import { createRequire } from "node:module";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createDynamoLedger } from "../../functions/ledger/dynamo-ledger.ts";
import { type StandIn, startDynamoDb } from "../../infra/local/aws-stand-ins.ts";
import { serviceAt } from "../aws/service-at.ts";
import { newEntry, ref } from "../ledger/examples.ts";

let running: StandIn;
beforeAll(async () => {
  running = await startDynamoDb("ledger", undefined);
});
afterAll(() => running.close());

test("no query leaves an iterator open, whether it reads all that there is or not", async () => {
  const ofDynalite = createRequire(
    createRequire(createRequire(import.meta.url).resolve("dynalite")).resolve("level"),
  );
  const { prototype } = ofDynalite("abstract-level").AbstractValueIterator;
  const ledger = createDynamoLedger({ dynamodb: serviceAt(running.url, "dynamodb"), table: "ledger" });
  const first = await ledger.append(newEntry(), undefined);
  if (first === "conflict") throw new Error("nobody else writes");
  await ledger.append(newEntry(), first);
  const opened = vi.spyOn(prototype, "next");
  const closed = vi.spyOn(prototype, "close");
  await ledger.newest(ref);
  await ledger.entries(ref);
  const iterators = new Set(opened.mock.contexts);
  expect(iterators.size).toBe(2);
  await vi.waitFor(() => expect(new Set(closed.mock.contexts)).toEqual(iterators));
  vi.restoreAllMocks();
});
