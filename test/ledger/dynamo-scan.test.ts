import { DeleteItemCommand, type DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AwsService } from "../../functions/aws/service.ts";
import { createDynamoDirectory } from "../../functions/ledger/dynamo-directory.ts";
import { createDynamoLedger } from "../../functions/ledger/dynamo-ledger.ts";
import { createDynamoScan, type LedgerScan, type ScanKey } from "../../functions/ledger/dynamo-scan.ts";
import { type Entry, LedgerFailure } from "../../functions/ledger/ledger.ts";
import {
  type ConferenceRef,
  callSid,
  conferenceSid,
  recordingSid,
  room,
} from "../../functions/recording/ids.ts";
import { withCalls } from "../aws/service-at.ts";
import { clientOf, createTable, type RunningDynamoDb, serviceOf, startDynalite } from "./dynamodb.ts";
import { at, newEntry, project } from "./examples.ts";

let running: RunningDynamoDb;
let client: DynamoDBClient;
let dynamodb: AwsService;
let table: string;
beforeAll(async () => {
  running = await startDynalite();
  client = clientOf(running.endpoint);
  dynamodb = serviceOf(running.endpoint);
  table = await createTable(client);
  for (let number = 0; number < 12; number += 1) await write(number, 1 + (number % 4));
  const directory = createDynamoDirectory({ dynamodb, table, now: () => at });
  for (let number = 0; number < 5; number += 1) {
    await directory.noteRoom(project, room(`room#${number}`), refOf(number).conference);
    await directory.noteCall(project, callSid(refOf(number).conference), refOf(number).conference);
    const recording = recordingSid(refOf(number).conference);
    await directory.noteRecording(refOf(number), recording, room(`room#${number}`));
  }
});
afterAll(async () => {
  client.destroy();
  await running.stop();
});

const refOf = (number: number): ConferenceRef => ({
  project,
  conference: conferenceSid(`c0ffee00-1111-4222-8333-${String(number).padStart(12, "0")}`),
});
const ledger = () => createDynamoLedger({ dynamodb, table, timeoutMs: 5000 });
const scanBy = (itemsAtOnce: number): LedgerScan =>
  createDynamoScan({ dynamodb, table, timeoutMs: 5000 }, ledger(), itemsAtOnce);

/** Appends `count` entries to the ledger of that number. */
async function write(number: number, count: number): Promise<void> {
  const ref = refOf(number);
  let newest: Entry | undefined = await ledger().newest(ref);
  for (let added = 0; added < count; added += 1) {
    const appended = await ledger().append(newEntry({ ref }), newest);
    if (appended !== "conflict") newest = appended;
  }
}

/** Every ledger that the pages bring, as often as they bring it, with the positions of its items. */
async function goThrough(scan: LedgerScan, between: (page: number) => Promise<void> = async () => {}) {
  const found: [string, number[]][] = [];
  let strays = 0;
  let pages = 0;
  let after: ScanKey | undefined;
  do {
    const page = await scan.page(after);
    for (const { ref, items } of page.ledgers) found.push([ref.conference, items.map(({ sk }) => sk)]);
    strays += page.strays;
    pages += 1;
    after = page.next;
    await between(pages);
  } while (after !== undefined);
  return { found: found.toSorted(), strays, pages };
}

const all = Array.from({ length: 12 }, (_, number): [string, number[]] => [
  refOf(number).conference,
  [1, 2, 3, 4].slice(0, 1 + (number % 4)),
]);

describe("going through the table", () => {
  test.each([1, 2, 3, 5, 7, 11, 200])(
    "by %d items at once brings every ledger once and whole, and no note",
    async (itemsAtOnce) => {
      const { found, strays } = await goThrough(scanBy(itemsAtOnce));
      expect(found).toEqual(all);
      expect(strays).toBe(0);
    },
  );

  test("takes no more pages than the table has", async () => {
    expect((await goThrough(scanBy(200))).pages).toBe(1);
    expect((await goThrough(scanBy(10))).pages).toBeLessThanOrEqual(6);
  });

  test("reads consistently", async () => {
    const asked: object[] = [];
    const asking = withCalls(dynamodb, (operation, input, call) => {
      asked.push({ operation, ...input });
      return call();
    });
    await createDynamoScan({ dynamodb: asking, table }, ledger()).page(undefined);
    expect(asked).toEqual([{ operation: "Scan", TableName: table, ConsistentRead: true, Limit: 200 }]);
  });

  test("brings a ledger that grows on the way whole, if again", async () => {
    const { found } = await goThrough(scanBy(3), async (page) => {
      if (page === 1) for (let number = 0; number < 12; number += 1) await write(number, 1);
    });
    for (const [conference, positions] of all) {
      const brought = found.filter(([name]) => name === conference).map(([, its]) => its.length);
      expect(brought.length).toBeGreaterThan(0);
      expect(brought.every((count) => count >= positions.length)).toBe(true);
    }
  });
});

describe("a table that somebody edited", () => {
  const keyOf = (number: number, sk: number) => ({
    pk: { S: `${project}#${refOf(number).conference}` },
    sk: { N: String(sk) },
  });

  test("a ledger without its first item is brought all the same", async () => {
    await client.send(new DeleteItemCommand({ TableName: table, Key: keyOf(3, 1) }));
    for (const itemsAtOnce of [2, 200]) {
      const { found } = await goThrough(scanBy(itemsAtOnce));
      expect(found.find(([name]) => name === refOf(3).conference)?.[1][0]).toBe(2);
    }
  });

  test("items that belong nowhere are counted", async () => {
    const entry = { entry: { S: "{}" }, hash: { S: "" }, expires: { N: "1" } };
    const keys = [
      { pk: { S: "somewhere" }, sk: { N: "1" } },
      { pk: { S: `${project}#${refOf(1).conference}`.toUpperCase() }, sk: { N: "1" } },
      { pk: { S: `${project}#room#sales` }, sk: { N: "1" } },
      { pk: { S: `${project}#${refOf(1).conference}#2` }, sk: { N: "1" } },
    ];
    for (const key of keys)
      await client.send(new PutItemCommand({ TableName: table, Item: { ...key, ...entry } }));
    expect((await goThrough(scanBy(200))).strays).toBe(4);
  });

  test("a table that does not answer is a failure, not an empty one", async () => {
    const scan = createDynamoScan({ dynamodb, table: "no-such-table" }, ledger());
    await expect(scan.page(undefined)).rejects.toThrow(LedgerFailure);
  });
});
