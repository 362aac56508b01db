import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { GetItemCommand, PutItemCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { createDynamoLedger } from "../../functions/ledger/dynamo-ledger.ts";
import { LedgerFailure } from "../../functions/ledger/ledger.ts";
import type { ConferenceState } from "../../functions/recording/conference.ts";
import {
  clientOf,
  createTable,
  dynamoDbs,
  overwrite,
  type RunningDynamoDb,
  startDynalite,
} from "./dynamodb.ts";
import { newEntry, ref } from "./examples.ts";
import { describeLedger, type Subject } from "./ledger-contract.ts";

type Mishap = "none" | "lose-answer" | "send-twice" | "drop" | "down";

/** What goes wrong with `client`'s next write, or from now on with everything. */
function mishapsOf(client: DynamoDBClient): { next(mishap: Mishap): void } {
  let mishap: Mishap = "none";
  client.middlewareStack.add(
    (next, context) => async (args) => {
      if (mishap === "down") throw new Error("connect ECONNREFUSED");
      if (mishap === "none" || context.commandName !== "PutItemCommand") return next(args);
      const [repeats, drops] = [mishap === "send-twice", mishap === "drop"];
      mishap = "none";
      if (drops) throw new Error("connect ETIMEDOUT");
      const [answer] = await Promise.allSettled([next(args)]);
      if (repeats) return next(args);
      throw new Error("socket hang up", { cause: answer });
    },
    { step: "initialize" },
  );
  return {
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
      const client = clientOf(running.endpoint);
      const others = clientOf(running.endpoint);
      const table = await createTable(others);
      const mishaps = mishapsOf(client);
      return {
        ledger: createDynamoLedger({ client, table, timeoutMs: 5000 }),
        other: createDynamoLedger({ client: others, table, timeoutMs: 5000 }),
        loseNextAnswer: () => mishaps.next("lose-answer"),
        sendNextTwice: () => mishaps.next("send-twice"),
        dropNext: () => mishaps.next("drop"),
        breakDown: () => mishaps.next("down"),
        overwrite: (item) => overwrite(others, table, item),
        close: async () => {
          client.destroy();
          others.destroy();
        },
      };
    });
  });
}

describe("a ledger table", () => {
  let running: RunningDynamoDb;
  let client: DynamoDBClient;
  const servers: Server[] = [];
  beforeAll(async () => {
    running = await startDynalite();
    client = clientOf(running.endpoint);
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
    const ledger = createDynamoLedger({ client, table, retentionDays: 30, newId: () => "id-1" });
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
    const ledger = createDynamoLedger({ client, table });
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
    const counted = clientOf(running.endpoint);
    const asked: string[] = [];
    counted.middlewareStack.add(
      (next, context) => async (args) => {
        const { ConsistentRead, Limit } = args.input as { ConsistentRead?: boolean; Limit?: number };
        asked.push(`${context.commandName} consistent=${ConsistentRead} limit=${Limit}`);
        return next(args);
      },
      { step: "initialize" },
    );
    const ledger = createDynamoLedger({ client: counted, table });
    await ledger.append(newEntry(), undefined);
    await ledger.newest(ref);
    counted.destroy();
    expect(asked).toEqual([
      "PutItemCommand consistent=undefined limit=undefined",
      "QueryCommand consistent=true limit=1",
    ]);
  });

  test("is written once where the SDK repeats a write whose answer was cut off", async () => {
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
    const proxied = clientOf(await listen(proxy), 3);
    const ledger = createDynamoLedger({ client: proxied, table, timeoutMs: 5000 });
    const entry = await ledger.append(newEntry(), undefined);
    expect(puts).toEqual(["200", "400"]);
    expect(entry).toEqual(await ledger.newest(ref));
    proxied.destroy();
  });

  test("that never answers is given up after the time-out", async () => {
    let requests = 0;
    const silent = clientOf(
      await listen(
        createServer(() => {
          requests += 1;
        }),
      ),
      3,
    );
    const ledger = createDynamoLedger({ client: silent, table: "ledger", timeoutMs: 50 });
    await expect(ledger.newest(ref)).rejects.toThrow(LedgerFailure);
    await expect(ledger.entries(ref)).rejects.toThrow(LedgerFailure);
    await expect(ledger.append(newEntry(), undefined)).rejects.toThrow(LedgerFailure);
    expect(requests).toBe(4);
    silent.destroy();
  });

  test("is given up after the time-out also where the SDK waits for credentials", async () => {
    const waiting = clientOf(running.endpoint);
    waiting.config.credentials = () => new Promise(() => {});
    const ledger = createDynamoLedger({ client: waiting, table: "ledger", timeoutMs: 50 });
    await expect(ledger.newest(ref)).rejects.toThrow(LedgerFailure);
  });

  test("that does not exist is a failure, not an empty ledger", async () => {
    const ledger = createDynamoLedger({ client, table: "no-such-table" });
    await expect(ledger.newest(ref)).rejects.toThrow(LedgerFailure);
    await expect(ledger.entries(ref)).rejects.toThrow(LedgerFailure);
    await expect(ledger.append(newEntry(), undefined)).rejects.toThrow(LedgerFailure);
  });
});
