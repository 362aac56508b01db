import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { PutItemCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AwsService } from "../../functions/aws/service.ts";
import { createDynamoDirectory } from "../../functions/ledger/dynamo-directory.ts";
import { createDynamoLedger } from "../../functions/ledger/dynamo-ledger.ts";
import { conferenceSid, room } from "../../functions/recording/ids.ts";
import { withCalls } from "../aws/service-at.ts";
import { describeDirectory } from "./directory-contract.ts";
import { clientOf, createTable, dynamoDbs, type RunningDynamoDb, serviceOf } from "./dynamodb.ts";
import { at, conference, newEntry, project, ref } from "./examples.ts";

const sha256OfSupport = "a18603086e5bdf9df88ccc9f5a083fed093e819976e87456b74dafcbd7011114";

for (const { name, start } of dynamoDbs) {
  describe(name, () => {
    let running: RunningDynamoDb;
    let client: DynamoDBClient;
    let dynamodb: AwsService;
    beforeAll(async () => {
      running = await start();
      client = clientOf(running.endpoint);
      dynamodb = serviceOf(running.endpoint);
    });
    afterAll(async () => {
      client.destroy();
      await running.stop();
    });

    describeDirectory("DynamoDB", async (now) => {
      const table = await createTable(client);
      let isDown = false;
      const own = withCalls(dynamodb, async (_operation, _input, call) => {
        if (isDown) throw new Error("connect ECONNREFUSED");
        return call();
      });
      return {
        directory: createDynamoDirectory({ dynamodb: own, table, now, timeoutMs: 5000 }),
        breakDown() {
          isDown = true;
        },
        close: async () => undefined,
      };
    });

    test("no note can be written over an entry of the ledger in the same table", async () => {
      const table = await createTable(client);
      const ledger = createDynamoLedger({ dynamodb, table });
      // An id that no door lets in: even then the positions keep them apart.
      const odd = { project, conference: conferenceSid("room#support") };
      const written = [
        await ledger.append(newEntry(), undefined),
        await ledger.append(newEntry({ ref: odd }), undefined),
      ];
      const directory = createDynamoDirectory({ dynamodb, table, now: () => at });
      await directory.noteRoom(project, room("support"), conference);
      await directory.noteRoom(project, room(conference), conference);
      expect([await ledger.newest(ref), await ledger.newest(odd)]).toEqual(written);
    });

    test("a note is looked up by one consistent query", async () => {
      const table = await createTable(client);
      const asked: object[] = [];
      const asking = withCalls(dynamodb, (operation, input, call) => {
        asked.push({ operation, ...input });
        return call();
      });
      const directory = createDynamoDirectory({ dynamodb: asking, table, now: () => at });
      await directory.hintOfRoom(project, room("support"));
      const query = { operation: "Query", TableName: table, ConsistentRead: true };
      expect(asked).toEqual([expect.objectContaining(query)]);
    });

    test("the name of a room does not get into the table", async () => {
      const table = await createTable(client);
      const directory = createDynamoDirectory({ dynamodb, table, now: () => at });
      await directory.noteRoom(project, room("support"), conference);
      const { Items: items = [] } = await client.send(new ScanCommand({ TableName: table }));
      expect(items.map(({ pk }) => pk?.S)).toEqual([`${project}#room#${sha256OfSupport}`]);
      expect(JSON.stringify(items)).not.toContain("support");
    });

    test("a note that is none of ours leads nowhere", async () => {
      const table = await createTable(client);
      const directory = createDynamoDirectory({ dynamodb, table, now: () => at });
      const key = { pk: { S: `${project}#room#${sha256OfSupport}` }, sk: { N: "0" } };
      for (const rest of [{}, { conference: { S: "x" }, expires: { N: "9999999999" } }]) {
        await client.send(new PutItemCommand({ TableName: table, Item: { ...key, ...rest } }));
        expect(await directory.hintOfRoom(project, room("support"))).toBeUndefined();
      }
    });
  });
}
