import * as z from "zod/mini";
import type { Cause } from "../recording/command.ts";
import { type ConferenceState, nothingYet } from "../recording/conference.ts";
import type { Fact } from "../recording/facts.ts";
import { type ConferenceRef, conferenceSid, projectId } from "../recording/ids.ts";
import { canonicalJson, hashBeforeFirst, sha256Hex } from "./hash.ts";
import { type Entry, LedgerFailure, type NewEntry } from "./ledger.ts";

/** One entry as the table holds it. Whatever reads it has to expect that somebody edited it. */
export type StoredItem = {
  /** Partition key, see {@link partitionOf}. */
  readonly pk: string;
  /** Sort key: the entry's position. */
  readonly sk: number;
  /** The JSON text that was hashed: it is kept as it was, not written anew from its parts. */
  readonly entry: string;
  readonly hash: string;
  /** Epoch seconds after which DynamoDB removes the item. */
  readonly expires: number;
};

/** What is hashed with an entry besides what its reader needs. */
export type Seal = {
  /** Random: tells two appends of the same facts at the same time from one that was sent twice. */
  readonly id: string;
  /** Epoch seconds. */
  readonly expires: number;
};

/** UUIDs are the same in either case, and one conference must not have two ledgers. */
export const partitionOf = ({ project, conference }: ConferenceRef): string =>
  `${project}#${conference}`.toLowerCase();

/** The entry that follows `after` (undefined: the first), with the item that stores it. */
export function sealEntry(
  { ref, at, cause, chain, facts, state }: NewEntry,
  after: Entry | undefined,
  seal: Seal,
): { entry: Entry; item: StoredItem } {
  const position = (after?.position ?? 0) + 1;
  const previousHash = after?.hash ?? hashBeforeFirst;
  const told = { at, cause, facts, state, ...(chain === undefined ? {} : { chain }) };
  const text = canonicalJson({ ...told, ...ref, position, previousHash, ...seal });
  const hash = sha256Hex(text);
  return {
    entry: { ...told, ref, position, previousHash, hash },
    item: { pk: partitionOf(ref), sk: position, entry: text, hash, expires: seal.expires },
  };
}

const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isState = (value: unknown): value is ConferenceState =>
  isObject(value) &&
  Object.entries(nothingYet).every(([key, example]) => {
    const member: unknown = Reflect.get(value, key);
    return member === undefined || (member !== null && typeof member === typeof example);
  });

// The facts and the state were written by this code and are vouched for by the hash: here only their outline
// is looked at, so that facts of another version stay readable.
const record = z.object({
  id: z.string().check(z.minLength(1)),
  project: z.string(),
  conference: z.string(),
  position: z.number(),
  at: z.number(),
  cause: z.custom<Cause>(isObject),
  chain: z.optional(z.string()),
  facts: z.array(z.custom<Fact>((fact) => isObject(fact) && typeof Reflect.get(fact, "type") === "string")),
  state: z.custom<ConferenceState>(isState),
  previousHash: z.string(),
  expires: z.number(),
});

/**
 * Reads an item back, by itself: its text has its hash, and says the same as the item's other attributes.
 * @throws LedgerFailure where it does not; an entry that cannot be read must never pass for one that is not there
 */
export function unsealEntry(item: StoredItem): { entry: Entry; seal: Seal } {
  const { id, project, conference, expires, chain, ...kept } = recordIn(item);
  const ref: ConferenceRef = { project: projectId(project), conference: conferenceSid(conference) };
  if (sha256Hex(item.entry) !== item.hash) throw unreadable(item, "its hash is another");
  if (partitionOf(ref) !== item.pk) throw unreadable(item, "it tells of another conference");
  if (kept.position !== item.sk) throw unreadable(item, "it belongs to another position");
  if (expires !== item.expires) throw unreadable(item, "it expires at another time");
  // An entry that an older version wrote may lack what the state has gained since.
  const state = { ...nothingYet, ...kept.state };
  const entry = { ...kept, state, ref, hash: item.hash, ...(chain === undefined ? {} : { chain }) };
  return { entry, seal: { id, expires } };
}

function recordIn(item: StoredItem): z.infer<typeof record> {
  try {
    return record.parse(JSON.parse(item.entry));
  } catch (cause) {
    throw unreadable(item, "it is not an entry", cause);
  }
}

const unreadable = (item: StoredItem, why: string, cause?: unknown): LedgerFailure =>
  new LedgerFailure(`entry ${item.sk} cannot be read: ${why}`, { cause });
