import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { GetItemCommand, PutItemCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { AwsService } from "../../functions/aws/service.ts";
import { createDynamoLedger } from "../../functions/ledger/dynamo-ledger.ts";
import { LedgerFailure } from "../../functions/ledger/ledger.ts";
import type { ConferenceState } from "../../functions/recording/conference.ts";
import { withCalls } from "../aws/service-at.ts";
import {
  clientOf,
  createTable,
  dynamoDbs,
  overwrite,
  type RunningDynamoDb,
  serviceOf,
  startDynalite,
} from "./dynamodb.ts";
import { newEntry, ref } from "./examples.ts";
import { describeLedger, type Subject } from "./ledger-contract.ts";

type Mishap = "none" | "lose-answer" | "send-twice" | "drop" | "down";

/** `dynamodb` with what goes wrong with its next write, or from now on with everything. */
function mishapsOf(dynamodb: AwsService): { dynamodb: AwsService; next(mishap: Mishap): void } {
  let mishap: Mishap = "none";
  return {
    dynamodb: withCalls(dynamodb, async (operation, _, call) => {
      if (mishap === "down") throw new Error("connect ECONNREFUSED");
      if (mishap === "none" || operation !== "PutItem") return call();
      const [repeats, drops] = [mishap === "send-twice", mishap === "drop"];
      mishap = "none";
      if (drops) throw new Error("connect ETIMEDOUT");
      const [answer] = await Promise.allSettled([call()]);
      if (repeats) return call();
      throw new Error("socket hang up", { cause: answer });
    }),
    next: (what) => {
      mishap = what;
    },
  };
}

for (const { name, start } of dynamoDbs) {
  describe(name, () => {
    let running: RunningDynamoDb;
    beforeAll(async () => {
      running = await start();
    });
    afterAll(() => running.stop());

    describeLedger("DynamoDB", async (): Promise<Subject> => {
      const others = clientOf(running.endpoint);
      const table = await createTable(others);
      const mishaps = mishapsOf(serviceOf(running.endpoint));
      const dynamodb = serviceOf(running.endpoint);
      return {
        ledger: createDynamoLedger({ dynamodb: mishaps.dynamodb, table, timeoutMs: 5000 }),
        other: createDynamoLedger({ dynamodb, table, timeoutMs: 5000 }),
        loseNextAnswer: () => mishaps.next("lose-answer"),
        sendNextTwice: () => mishaps.next("send-twice"),
        dropNext: () => mishaps.next("drop"),
        breakDown: () => mishaps.next("down"),
        overwrite: (item) => overwrite(others, table, item),
        close: async () => others.destroy(),
      };
    });
  });
}

describe("a ledger table", () => {
  let running: RunningDynamoDb;
  let client: DynamoDBClient;
  let dynamodb: AwsService;
  const servers: Server[] = [];
  beforeAll(async () => {
    running = await startDynalite();
    client = clientOf(running.endpoint);
    dynamodb = serviceOf(running.endpoint);
  });
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.close();
      server.closeAllConnections();
    }
  });
  afterAll(async () => {
    client.destroy();
    await running.stop();
  });

  const listen = async (server: Server): Promise<string> => {
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };

  test("holds one item for each entry, with keys, text, hash and the time it expires", async () => {
    const table = await createTable(client);
    const ledger = createDynamoLedger({ dynamodb, table, retentionDays: 30, newId: () => "id-1" });
    // From JSON, so that what is stored here does not follow the growth of the state's type.
    const state: ConferenceState = JSON.parse(
      '{"position":1,"tombstones":{},"holds":{},"tickets":{},"recordings":{}}',
    );
    await ledger.append(newEntry({ state }), undefined);
    const key = { pk: { S: "7c1ad1d4-0b0e-4d3c-9a3c-2f5b6f1f0a01#c0ffee00-1111-4222-8333-444455556666" } };
    const { Item } = await client.send(
      new GetItemCommand({ TableName: table, Key: { ...key, sk: { N: "1" } } }),
    );
    expect(Item).toEqual({
      ...key,
      sk: { N: "1" },
      // 2026-12-23T15:46:00Z
      expires: { N: "1798040760" },
      hash: { S: "0e50c28a5d3a6be670ff16fa2d3eac363c24fe81002d45ec35463a5c81d7e30c" },
      entry: {
        S:
          '{"at":1795448760000,"cause":{"request":"msg_1","source":"signal:payments"},"conference":"c0ffee00-1111-4222-8333-444455556666","expires":1798040760,' +
          '"facts":[{"hold":{"at":1795448760000,"expiresAt":1795449360000,"id":"payment-7f3a","pauseBehavior":"silence","reason":"card-entry",' +
          '"receivedAt":1795448760000,"releasesAt":1795449360000,"source":"signal:payments"},"type":"hold-placed"}],' +
          '"id":"id-1","position":1,"previousHash":"0000000000000000000000000000000000000000000000000000000000000000",' +
          '"project":"7c1ad1d4-0b0e-4d3c-9a3c-2f5b6f1f0a01","state":{"holds":{},"position":1,"recordings":{},"tickets":{},"tombstones":{}}}',
      },
    });
  });

  test("shows an attribute that somebody added to an item, and is read by commands all the same", async () => {
    const table = await createTable(client);
    const ledger = createDynamoLedger({ dynamodb, table });
    const entry = await ledger.append(newEntry(), undefined);
    const [item] = await ledger.readItems(ref);
    expect(item).not.toHaveProperty("others");
    const { Items = [] } = await client.send(new ScanCommand({ TableName: table }));
    await client.send(new PutItemCommand({ TableName: table, Item: { ...Items[0], note: { S: "seen" } } }));
    expect(await ledger.readItems(ref)).toEqual([{ ...item, others: ["note"] }]);
    expect(await ledger.newest(ref)).toEqual(entry);
  });

  test("is asked once for the newest entry and once for an append that wins", async () => {
    const table = await createTable(client);
    const asked: string[] = [];
    const counted = withCalls(dynamodb, (operation, { ConsistentRead, Limit }, call) => {
      asked.push(`${operation} consistent=${ConsistentRead} limit=${Limit}`);
      return call();
    });
    const ledger = createDynamoLedger({ dynamodb: counted, table });
    await ledger.append(newEntry(), undefined);
    await ledger.newest(ref);
    expect(asked).toEqual(["PutItem consistent=undefined limit=undefined", "Query consistent=true limit=1"]);
  });

  test("is written once where a write whose answer was cut off is repeated", async () => {
    const table = await createTable(client);
    const puts: (string | undefined)[] = [];
    const proxy = createServer((incoming, answer) => {
      const isPut = String(incoming.headers["x-amz-target"]).endsWith("PutItem");
      const { method, url: path, headers } = incoming;
      const forwarded = request(`${running.endpoint}${path}`, { method, headers } as object, (upstream) => {
        if (isPut) puts.push(String(upstream.statusCode));
        if (isPut && puts.length === 1) {
          upstream.resume().on("end", () => incoming.socket.destroy());
          return;
        }
        answer.writeHead(upstream.statusCode ?? 500, upstream.headers);
        upstream.pipe(answer);
      });
      incoming.pipe(forwarded);
    });
    const proxied = serviceOf(await listen(proxy), 3);
    const ledger = createDynamoLedger({ dynamodb: proxied, table, timeoutMs: 5000 });
    const entry = await ledger.append(newEntry(), undefined);
    expect(puts).toEqual(["200", "400"]);
    expect(entry).toEqual(await ledger.newest(ref));
  });

  test("that never answers is given up after the time-out", async () => {
    let requests = 0;
    const silent = serviceOf(
      await listen(
        createServer(() => {
          requests += 1;
        }),
      ),
      3,
    );
    const ledger = createDynamoLedger({ dynamodb: silent, table: "ledger", timeoutMs: 50 });
    await expect(ledger.newest(ref)).rejects.toThrow(LedgerFailure);
    await expect(ledger.entries(ref)).rejects.toThrow(LedgerFailure);
    await expect(ledger.append(newEntry(), undefined)).rejects.toThrow(LedgerFailure);
    expect(requests).toBe(4);
  });

  test("that does not exist is a failure, not an empty ledger", async () => {
    const ledger = createDynamoLedger({ dynamodb, table: "no-such-table" });
    await expect(ledger.newest(ref)).rejects.toThrow(LedgerFailure);
    await expect(ledger.entries(ref)).rejects.toThrow(LedgerFailure);
    await expect(ledger.append(newEntry(), undefined)).rejects.toThrow(LedgerFailure);
  });
});
