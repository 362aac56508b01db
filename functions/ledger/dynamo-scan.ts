import { type ConferenceRef, conferenceSid, isUuid, projectId } from "../recording/ids.ts";
import type { ItemReader } from "./chained-ledger.ts";
import { isNote } from "./dynamo-directory.ts";
import { itemOf, type LedgerTable } from "./dynamo-ledger.ts";
import { type Attributes, type Page, page } from "./dynamo-shapes.ts";
import { LedgerFailure } from "./ledger.ts";
import { partitionOf } from "./stored-item.ts";
import type { FoundItem } from "./verify.ts";

/** Where a page ended: the key of an item. */
export type ScanKey = { readonly pk: string; readonly sk: number };

export type ScannedPage = {
  /** Each with all of its items, by ascending position. One that grew meanwhile may come again. */
  readonly ledgers: readonly { readonly ref: ConferenceRef; readonly items: readonly FoundItem[] }[];
  /** Items that belong neither to a ledger nor to the directory. */
  readonly strays: number;
  /** Absent: this was the last. */
  readonly next?: ScanKey;
};

/** The whole table, ledger by ledger, in no order that means anything. */
export interface LedgerScan {
  /** @throws LedgerFailure */
  page(after: ScanKey | undefined): Promise<ScannedPage>;
}

/**
 * Scans with consistent reads. There is no index by time on purpose: DynamoDB refuses writes to a table while an index of it
 * lacks throughput, and one where all of today's entries share a few keys would be the first to. Evidence can wait, a pause cannot.
 */
export function createDynamoScan(
  { dynamodb, table, timeoutMs = 3000 }: LedgerTable,
  reader: ItemReader,
  itemsAtOnce = 200,
): LedgerScan {
  const scan = async (after: ScanKey | undefined): Promise<Page> => {
    const input = {
      TableName: table,
      ConsistentRead: true,
      Limit: itemsAtOnce,
      ...(after && { ExclusiveStartKey: { pk: { S: after.pk }, sk: { N: String(after.sk) } } }),
    };
    try {
      return await dynamodb.call("Scan", input, page, timeoutMs);
    } catch (cause) {
      throw new LedgerFailure("the table could not be read", { cause });
    }
  };

  return {
    async page(after) {
      const { Items, LastEvaluatedKey } = await scan(after);
      const groups = [...Map.groupBy(Items.map(itemOf), ({ pk }) => pk)];
      let next = LastEvaluatedKey && keyOf(LastEvaluatedKey);
      const ledgers = [];
      let strays = 0;
      for (const [index, [pk, found]] of groups.entries()) {
        const ref = refOf(pk);
        if (ref === undefined) {
          strays += found.filter((item) => !isNote(item)).length;
          continue;
        }
        // The page's edges may cut through a ledger.
        const isCut = found[0]?.sk !== 1 || (next !== undefined && index === groups.length - 1);
        const items = isCut ? await reader.readItems(ref) : found;
        ledgers.push({ ref, items });
        const last = items.at(-1);
        if (next !== undefined && next.pk === pk && last !== undefined) next = { pk, sk: last.sk };
      }
      return { ledgers, strays, ...(next && { next }) };
    },
  };
}

const keyOf = ({ pk, sk }: Attributes): ScanKey => ({
  pk: pk?.S ?? "",
  sk: Number(sk?.N),
});

function refOf(pk: string): ConferenceRef | undefined {
  const [project = "", conference = "", ...others] = pk.split("#");
  if (others.length > 0 || !isUuid(project) || !isUuid(conference)) return undefined;
  const ref = { project: projectId(project), conference: conferenceSid(conference) };
  return partitionOf(ref) === pk ? ref : undefined;
}
