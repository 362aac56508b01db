import { randomUUID } from "node:crypto";
import {
  type AttributeValue,
  type DynamoDBClient,
  PutItemCommand,
  QueryCommand,
  type QueryCommandInput,
  type QueryCommandOutput,
} from "@aws-sdk/client-dynamodb";
import { answerWithin } from "./answer-within.ts";
import { type ChainOptions, createChainedLedger, type ItemReader, type Items } from "./chained-ledger.ts";
import { type Ledger, LedgerFailure } from "./ledger.ts";
import type { StoredItem } from "./stored-item.ts";
import type { FoundItem } from "./verify.ts";

export type LedgerTable = {
  /** Brings its own region, credentials and number of attempts. */
  readonly client: DynamoDBClient;
  /** Table with keys `pk` (S) and `sk` (N), and `expires` as its time-to-live attribute. */
  readonly table: string;
  /** For each call to DynamoDB, retries included; an append makes a second one where the first tells too little. */
  readonly timeoutMs?: number;
};

/** The ledger in DynamoDB: one item for each entry, put and queried, never updated or deleted. */
export function createDynamoLedger(options: LedgerTable & Partial<ChainOptions>): Ledger & ItemReader {
  const { retentionDays = 400, newId = randomUUID } = options;
  return createChainedLedger(createDynamoItems(options), { ...options, retentionDays, newId });
}

function createDynamoItems({ client, table, timeoutMs = 1000 }: LedgerTable): Items {
  const query = async (of: Partial<QueryCommandInput>): Promise<QueryCommandOutput> => {
    const command = new QueryCommand({ TableName: table, ConsistentRead: true, ...of });
    try {
      return await answerWithin(timeoutMs, (abortSignal) => client.send(command, { abortSignal }));
    } catch (cause) {
      throw new LedgerFailure("the ledger could not be read", { cause });
    }
  };

  return {
    async put(item) {
      const command = new PutItemCommand({
        TableName: table,
        Item: attributesOf(item),
        ConditionExpression: "attribute_not_exists(pk)",
      });
      await answerWithin(timeoutMs, (abortSignal) => client.send(command, { abortSignal }));
    },
    async newest(partition) {
      const page = await query({ ...inPartition(partition), ScanIndexForward: false, Limit: 1 });
      return page.Items?.map(itemOf)[0];
    },
    async at(partition, position) {
      const page = await query({
        KeyConditionExpression: "pk = :pk AND sk = :sk",
        ExpressionAttributeValues: { ":pk": { S: partition }, ":sk": { N: String(position) } },
      });
      return page.Items?.map(itemOf)[0];
    },
    async all(partition) {
      const items: StoredItem[] = [];
      let next: QueryCommandOutput["LastEvaluatedKey"];
      do {
        const page = await query({ ...inPartition(partition), ...(next && { ExclusiveStartKey: next }) });
        items.push(...(page.Items ?? []).map(itemOf));
        next = page.LastEvaluatedKey;
      } while (next !== undefined);
      return items;
    },
  };
}

const inPartition = (partition: string): Partial<QueryCommandInput> => ({
  KeyConditionExpression: "pk = :pk",
  ExpressionAttributeValues: { ":pk": { S: partition } },
});

const attributesOf = (item: StoredItem): Record<string, AttributeValue> => ({
  pk: { S: item.pk },
  sk: { N: String(item.sk) },
  entry: { S: item.entry },
  hash: { S: item.hash },
  expires: { N: String(item.expires) },
});

// An attribute that is gone or of another type becomes one that fits nothing: it is for whoever reads the
// item to say what is wrong with it, and verifying has to get past this point.
export function itemOf(attributes: Record<string, AttributeValue>): FoundItem {
  const { pk, sk, entry, hash, expires, ...rest } = attributes;
  const others = Object.keys(rest);
  return {
    pk: pk?.S ?? "",
    sk: Number(sk?.N),
    entry: entry?.S ?? "",
    hash: hash?.S ?? "",
    expires: Number(expires?.N),
    ...(others.length === 0 ? {} : { others }),
  };
}
