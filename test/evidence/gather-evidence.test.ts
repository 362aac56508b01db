import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { AwsService } from "../../functions/aws/service.ts";
import { createDynamoLedger } from "../../functions/ledger/dynamo-ledger.ts";
import { createDynamoScan, type LedgerScan } from "../../functions/ledger/dynamo-scan.ts";
import { type Entry, type Ledger, LedgerFailure } from "../../functions/ledger/ledger.ts";
import type { ConferenceEvidence } from "../../functions/questions/conference-evidence.ts";
import { gatherEvidence } from "../../functions/questions/gather-evidence.ts";
import { nothingYet } from "../../functions/recording/conference.ts";
import { evolve } from "../../functions/recording/evolve.ts";
import { type ConferenceRef, conferenceSid, projectId } from "../../functions/recording/ids.ts";
import { createInMemoryLedger } from "../fakes/in-memory-ledger.ts";
import {
  clientOf,
  createTable,
  overwrite,
  type RunningDynamoDb,
  serviceOf,
  startDynalite,
} from "../ledger/dynamodb.ts";
import { confirmed, payment, placed, released, type Step, seen, start, told } from "./told.ts";

const project = projectId("7c1ad1d4-0b0e-4d3c-9a3c-2f5b6f1f0a01");
const other = projectId("7c1ad1d4-0b0e-4d3c-9a3c-2f5b6f1f0b02");
const hourMs = 3_600_000;

let running: RunningDynamoDb;
let client: DynamoDBClient;
let dynamodb: AwsService;
beforeAll(async () => {
  running = await startDynalite();
  client = clientOf(running.endpoint);
  dynamodb = serviceOf(running.endpoint);
});
afterAll(async () => {
  client.destroy();
  await running.stop();
});

let table: string;
beforeEach(async () => {
  table = await createTable(client);
});

const refOf = (number: number, of = project): ConferenceRef => ({
  project: of,
  conference: conferenceSid(`c0ffee00-1111-4222-8333-${String(number).padStart(12, "0")}`),
});
const ledger = () => createDynamoLedger({ dynamodb, table, timeoutMs: 5_000, retentionDays: 30 });
const scan = (itemsAtOnce?: number): LedgerScan =>
  createDynamoScan({ dynamodb, table, timeoutMs: 5_000 }, ledger(), itemsAtOnce);

/** Writes a conference's entries, as the functions do. */
async function write(ref: ConferenceRef, steps: readonly Step[], into: Ledger = ledger()): Promise<void> {
  let newest: Entry | undefined;
  for (const { position, at, cause, facts } of told(...steps)) {
    const state = evolve(newest?.state ?? nothingYet, { position, at, facts });
    const appended = await into.append({ ref, at, cause, facts, state }, newest);
    if (appended !== "conflict") newest = appended;
  }
}

/** A hold received `fromMs` after the start, confirmed and released. */
const call = (fromMs: number): Step[] => [
  [fromMs + 30, placed(payment, fromMs)],
  [fromMs + 190, seen(fromMs + 120, "paused"), confirmed(payment, fromMs + 180, 180)],
  [fromMs + 60_000, released(payment, fromMs + 59_900)],
  [fromMs + 60_400, seen(fromMs + 60_300, "in-progress")],
];

type Page = {
  readonly ledgers: number;
  readonly entries: number;
  readonly expired: number;
  readonly strays: number;
  readonly conferences: readonly ConferenceEvidence[];
  readonly next: string | null;
};
const hour = { from: start, to: start + hourMs };

async function page(
  asked: object = {},
  setup: { scan?: LedgerScan; now?: () => number } = {},
): Promise<Page> {
  const now = setup.now ?? (() => start + 2 * hourMs);
  const answer = await gatherEvidence(
    setup.scan ?? scan(),
    now,
    { by: "period", period: hour, ...asked },
    start + 2 * hourMs,
  );
  if (answer.kind !== "found") throw new Error(answer.kind);
  return answer.found as Page;
}

/** Every page, each cut short by a clock that stands at the end of the invocation's time. */
async function everyPage(itemsAtOnce: number): Promise<readonly Page[]> {
  const pages: Page[] = [];
  let after: string | null = null;
  do {
    const late = { scan: scan(itemsAtOnce), now: () => start + 3 * hourMs };
    const one: Page = await page(after === null ? {} : { after }, late);
    pages.push(one);
    after = one.next;
  } while (after !== null);
  return pages;
}

describe("evidence for a period", () => {
  test("has every conference of it, with what vouches for its ledger, and no other", async () => {
    await write(refOf(1), call(0));
    await write(refOf(2), call(-hourMs));
    await write(refOf(3), call(hourMs));
    const answer = await page();
    expect(answer).toMatchObject({
      from: "2026-11-23T15:46:00.000Z",
      to: "2026-11-23T16:46:00.000Z",
      project: null,
      after: null,
      ledgers: 3,
      entries: 12,
      expired: 0,
      strays: 0,
      next: null,
    });
    const newest = await ledger().newest(refOf(1));
    expect(answer.conferences).toEqual([
      {
        project: "7c1ad1d4-0b0e-4d3c-9a3c-2f5b6f1f0a01",
        conference: "c0ffee00-1111-4222-8333-000000000001",
        intact: true,
        entries: 4,
        brokenAt: null,
        hash: newest?.hash,
        unreadable: [],
        holds: [expect.objectContaining({ position: 1, outcome: "released", exposureMs: 180 })],
        exceptions: [],
      },
    ]);
  });

  test("has a conference without holds, if anything was written about it then", async () => {
    await write(refOf(1), [[10, seen(0, "in-progress")]]);
    expect((await page()).conferences).toEqual([
      expect.objectContaining({ entries: 1, holds: [], exceptions: [] }),
    ]);
  });

  test("of one project has no other's", async () => {
    await write(refOf(1), call(0));
    await write(refOf(2, other), call(0));
    expect((await page({ project: other })).conferences.map(({ conference }) => conference)).toEqual([
      refOf(2).conference,
    ]);
    expect((await page()).ledgers).toBe(2);
  });

  test.each([1, 3, 7])("by %d items at once has each conference once over all pages", async (itemsAtOnce) => {
    for (let number = 0; number < 9; number += 1)
      await write(refOf(number), call(number * 1_000).slice(0, 1 + (number % 4)));
    const pages = await everyPage(itemsAtOnce);
    expect(pages.length).toBeGreaterThan(2);
    const found = pages.flatMap(({ conferences }) => conferences.map(({ conference }) => conference));
    expect(found.toSorted()).toEqual(Array.from({ length: 9 }, (_, number) => refOf(number).conference));
    expect(pages.reduce((all, { ledgers }) => all + ledgers, 0)).toBe(9);
  });
});

describe("an answer", () => {
  /** A table without end: the same ledger of `count` holds on every page. */
  async function endless(count: number): Promise<LedgerScan> {
    const memory = createInMemoryLedger();
    const steps = Array.from({ length: count }, (_, index): Step => [index, placed(payment, index)]);
    await write(refOf(1), steps, memory);
    const ledgers = [{ ref: refOf(1), items: await memory.readItems(refOf(1)) }];
    let pages = 0;
    return {
      page: async () => {
        pages += 1;
        return { ledgers, strays: 0, next: { pk: "x", sk: pages } };
      },
    };
  }
  const bytesOf = (answer: object) => Buffer.byteLength(JSON.stringify(answer));

  test("ends where it has 1.5 MB, well before the 6 MB that Lambda answers", async () => {
    const answer = await page({}, { scan: await endless(60) });
    expect(bytesOf(answer)).toBeGreaterThan(1_500_000);
    expect(bytesOf(answer)).toBeLessThan(2_000_000);
    expect(answer.next).toMatch(/^[a-p]+$/);
  });

  test("says of a conference that is too large for it that it is", async () => {
    const scanned = await endless(4_000);
    // A clock at the end of the invocation's time: after the first page it is over.
    const answer = await page({}, { scan: scanned, now: () => start + 3 * hourMs });
    expect(answer.conferences).toEqual([
      expect.objectContaining({ entries: 4_000, intact: true, holds: [], exceptions: [], tooLarge: true }),
    ]);
  });
});

describe("a ledger that is not as it was written", () => {
  test("is told in every period, with what can be read of it", async () => {
    await write(refOf(1), call(-5 * hourMs));
    const [, item] = await ledger().readItems(refOf(1));
    if (item === undefined) throw new Error("it was written");
    await overwrite(client, table, {
      ...item,
      entry: item.entry.replace('"exposureMs":180', '"exposureMs":18'),
    });
    expect((await page()).conferences).toEqual([
      expect.objectContaining({ intact: false, entries: 4, brokenAt: 2, unreadable: [2], holds: [] }),
    ]);
    const then = { from: start - 6 * hourMs, to: start - 4 * hourMs };
    expect((await page({ period: then })).conferences[0]?.holds).toEqual([
      expect.objectContaining({ position: 1, confirmed: false, outcome: "released" }),
    ]);
  });

  test("whose items are past their time is counted, and not told", async () => {
    await write(refOf(1), call(0));
    const at = start + 31 * 24 * hourMs;
    const answer = await gatherEvidence(scan(), () => at, { by: "period", period: hour }, at);
    expect(answer).toMatchObject({ kind: "found", found: { ledgers: 1, expired: 1, conferences: [] } });
  });

  test("that is said to be past its time, but was written with a later one, is told", async () => {
    await write(refOf(1), call(0));
    for (const item of await ledger().readItems(refOf(1)))
      await overwrite(client, table, { ...item, expires: 1 });
    expect(await page()).toMatchObject({ expired: 0, conferences: [{ intact: false, brokenAt: 1 }] });
  });
});

describe("a table that stops answering", () => {
  const failing = (after: number): LedgerScan => {
    let asked = 0;
    return {
      page: async (key) => {
        asked += 1;
        if (asked > after) throw new LedgerFailure("no answer");
        return scan(1).page(key);
      },
    };
  };

  test("at once makes the evidence unavailable, never empty", async () => {
    const asked = { by: "period" as const, period: hour };
    expect(await gatherEvidence(failing(0), () => start, asked, start)).toEqual({
      kind: "unavailable",
      why: "ledger",
    });
  });

  test("later ends the page, and the next goes on from there", async () => {
    await write(refOf(1), call(0));
    await write(refOf(2), call(0));
    const one = await page({}, { scan: failing(1) });
    expect(one.conferences).toHaveLength(1);
    const two = await page({ after: one.next });
    expect(two.next).toBeNull();
    const found = [...one.conferences, ...two.conferences].map(({ conference }) => conference);
    expect(found.toSorted()).toEqual([refOf(1).conference, refOf(2).conference]);
  });
});

test.each(["aa", "hb", "abcdefgh", "fllbfn"])("%s is no place in the table", async (after) => {
  await expect(page({ after })).rejects.toMatchObject({ why: "invalid", field: "next" });
});
