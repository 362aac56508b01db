import type { Server } from "node:http";
import { createRequire } from "node:module";
import {
  CreateTableCommand,
  DynamoDBClient,
  PutItemCommand,
  waitUntilTableExists,
} from "@aws-sdk/client-dynamodb";
import type { AwsService } from "../../functions/aws/service.ts";
import type { StoredItem } from "../../functions/ledger/stored-item.ts";
import { serviceAt } from "../aws/service-at.ts";

const dynalite: (options: { createTableMs: number }) => Server = createRequire(import.meta.url)("dynalite");

export type RunningDynamoDb = { readonly endpoint: string; stop(): Promise<void> };

export async function startDynalite(): Promise<RunningDynamoDb> {
  const server = dynalite({ createTableMs: 0 });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("dynalite has no port");
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Every DynamoDB the suites run on: dynalite, and the one at HOLDFAST_TEST_DYNAMODB_ENDPOINT if it is given. */
export const dynamoDbs: readonly { name: string; start(): Promise<RunningDynamoDb> }[] = [
  { name: "dynalite", start: startDynalite },
  ...[process.env.HOLDFAST_TEST_DYNAMODB_ENDPOINT ?? []]
    .flat()
    .map((endpoint) => ({ name: endpoint, start: async () => ({ endpoint, stop: async () => {} }) })),
];

/** DynamoDB as the functions call it. */
export const serviceOf = (endpoint: string, maxAttempts = 1): AwsService =>
  serviceAt(endpoint, "dynamodb", { maxAttempts });

/** DynamoDB as its own client calls it, for what a function does not do. */
export const clientOf = (endpoint: string): DynamoDBClient =>
  new DynamoDBClient({
    endpoint,
    maxAttempts: 1,
    region: "eu-central-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });

let tables = 0;

/** A table of its own, as the stack makes it but for what is not needed to read and write. */
export async function createTable(client: DynamoDBClient): Promise<string> {
  tables += 1;
  const TableName = `ledger-${process.pid}-${Date.now()}-${tables}`;
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [
        { AttributeName: "pk", AttributeType: "S" },
        { AttributeName: "sk", AttributeType: "N" },
      ],
      KeySchema: [
        { AttributeName: "pk", KeyType: "HASH" },
        { AttributeName: "sk", KeyType: "RANGE" },
      ],
    }),
  );
  await waitUntilTableExists({ client, maxWaitTime: 10, minDelay: 0.05, maxDelay: 1 }, { TableName });
  return TableName;
}

/** Writes over an item, as no function may. */
export async function overwrite(client: DynamoDBClient, TableName: string, item: StoredItem): Promise<void> {
  const { pk, sk, entry, hash, expires } = item;
  const Item = {
    pk: { S: pk },
    sk: { N: String(sk) },
    entry: { S: entry },
    hash: { S: hash },
    expires: { N: String(expires) },
  };
  await client.send(new PutItemCommand({ TableName, Item }));
}
