import { randomUUID } from "node:crypto";
import type { AwsService } from "../aws/service.ts";
import { type ChainOptions, createChainedLedger, type ItemReader, type Items } from "./chained-ledger.ts";
import { type Attributes, done, type Page, page } from "./dynamo-shapes.ts";
import { type Ledger, LedgerFailure } from "./ledger.ts";
import type { StoredItem } from "./stored-item.ts";
import type { FoundItem } from "./verify.ts";

export type LedgerTable = {
  readonly dynamodb: AwsService;
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

function createDynamoItems({ dynamodb, table, timeoutMs = 1000 }: LedgerTable): Items {
  const query = async (of: object): Promise<Page> => {
    const input = { TableName: table, ConsistentRead: true, ...of };
    try {
      return await dynamodb.call("Query", input, page, timeoutMs);
    } catch (cause) {
      throw new LedgerFailure("the ledger could not be read", { cause });
    }
  };

  return {
    async put(item) {
      const input = {
        TableName: table,
        Item: attributesOf(item),
        ConditionExpression: "attribute_not_exists(pk)",
      };
      await dynamodb.call("PutItem", input, done, timeoutMs);
    },
    async newest(partition) {
      const { Items } = await query({ ...inPartition(partition), ScanIndexForward: false, Limit: 1 });
      return Items.map(itemOf)[0];
    },
    async at(partition, position) {
      const { Items } = await query({
        KeyConditionExpression: "pk = :pk AND sk = :sk",
        ExpressionAttributeValues: { ":pk": { S: partition }, ":sk": { N: String(position) } },
      });
      return Items.map(itemOf)[0];
    },
    async all(partition) {
      const items: StoredItem[] = [];
      let next: Attributes | undefined;
      do {
        const found = await query({ ...inPartition(partition), ...(next && { ExclusiveStartKey: next }) });
        items.push(...found.Items.map(itemOf));
        next = found.LastEvaluatedKey;
      } while (next !== undefined);
      return items;
    },
  };
}

const inPartition = (partition: string) => ({
  KeyConditionExpression: "pk = :pk",
  ExpressionAttributeValues: { ":pk": { S: partition } },
});

const attributesOf = (item: StoredItem): Attributes => ({
  pk: { S: item.pk },
  sk: { N: String(item.sk) },
  entry: { S: item.entry },
  hash: { S: item.hash },
  expires: { N: String(item.expires) },
});

// An attribute that is gone or of another type becomes one that fits nothing: it is for whoever reads the
// item to say what is wrong with it, and verifying has to get past this point.
export function itemOf(attributes: Attributes): FoundItem {
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
