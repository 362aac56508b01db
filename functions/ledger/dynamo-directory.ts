import {
  type ConferenceRef,
  type ConferenceSid,
  conferenceSid,
  isUuid,
  type Millis,
  type ProjectId,
  type RecordingSid,
  type Room,
  recordingSid,
} from "../recording/ids.ts";
import type { LedgerTable } from "./dynamo-ledger.ts";
import { type Attributes, done, page } from "./dynamo-shapes.ts";
import { sha256Hex } from "./hash.ts";
import { type Directory, LedgerFailure } from "./ledger.ts";

const keptSeconds = 86_400;
/** Where a room or call leads is at this position; the recordings stand behind it. */
const leads = 0;
/** No ledger gets as long. */
const positionsOfEntries = 2 ** 40;
/** One answer: where it leads, and the recordings noted last. A room is used again, so older ones are of other conferences. */
const itemsAtOnce = 16;

type Note = { readonly conference: ConferenceSid; readonly recording?: RecordingSid };

/**
 * The directory, in the table of the ledger. A note may be written over. It can never be written over an entry: those are in
 * partitions without `#room#`, `#call#` or `#recordings#`.
 */
export function createDynamoDirectory(options: LedgerTable & { readonly now: () => Millis }): Directory {
  const { dynamodb, table, now, timeoutMs = 1000 } = options;

  const note = async (pk: string, sk: number, { conference, recording }: Note): Promise<void> => {
    const expires = Math.floor(now() / 1000) + keptSeconds;
    const Item = {
      pk: { S: pk },
      sk: { N: String(sk) },
      conference: { S: conference },
      ...(recording === undefined ? {} : { recording: { S: recording } }),
      expires: { N: String(expires) },
    };
    try {
      await dynamodb.call("PutItem", { TableName: table, Item }, done, timeoutMs);
    } catch (cause) {
      throw new LedgerFailure("the directory could not be written", { cause });
    }
  };

  const read = async (pk: string): Promise<readonly Note[]> => {
    const input = {
      TableName: table,
      ConsistentRead: true,
      KeyConditionExpression: "pk = :pk",
      ExpressionAttributeValues: { ":pk": { S: pk } },
      Limit: itemsAtOnce,
    };
    try {
      const { Items } = await dynamodb.call("Query", input, page, timeoutMs);
      // DynamoDB removes expired items when it gets to it, days later at times.
      const current = Items.filter(({ expires }) => Number(expires?.N) * 1000 > now());
      return current.flatMap(noteIn);
    } catch (cause) {
      throw new LedgerFailure("the directory could not be read", { cause });
    }
  };

  // A room can be called anything, after a caller or by what one dialled; the table need not know.
  const ofRoom = (project: ProjectId, room: Room) => `${project}#room#${sha256Hex(room)}`;
  const partition = ({ project, conference }: ConferenceRef) => `${project}#recordings#${conference}`;

  return {
    noteRoom: (project, room, conference) => note(ofRoom(project, room), leads, { conference }),
    noteCall: (project, call, conference) => note(`${project}#call#${call}`, leads, { conference }),
    async noteRecording(ref, recording, room) {
      const told = { conference: ref.conference, recording };
      const sk = newestFirst(now(), recording);
      await Promise.all([
        note(partition(ref), sk, told),
        room === undefined ? undefined : note(ofRoom(ref.project, room), sk, told),
      ]);
    },
    async hintOfRoom(project, room) {
      const [first, ...others] = await read(ofRoom(project, room));
      if (first === undefined || first.recording !== undefined) return undefined;
      return { conference: first.conference, recordings: recordingsIn(others, first.conference) };
    },
    async conferenceOfCall(project, call) {
      const [first] = await read(`${project}#call#${call}`);
      return first?.conference;
    },
    recordingsOf: async (ref) => recordingsIn(await read(partition(ref)), ref.conference),
  };
}

/** True for the key of an item of the directory. */
export const isNote = ({ pk, sk }: { readonly pk: string; readonly sk: number }): boolean =>
  (/^[0-9a-f-]{36}#(?:room|call)#/i.test(pk) && sk === leads) ||
  (/^[0-9a-f-]{36}#(?:room|recordings)#/i.test(pk) && sk > positionsOfEntries);

/** Positions count down with the seconds; the rest keeps two recordings of one second apart. */
const newestFirst = (now: Millis, recording: RecordingSid): number =>
  (10 ** 10 - Math.floor(now / 1000)) * 2 ** 16 + Number.parseInt(recording.slice(0, 4), 16);

const recordingsIn = (notes: readonly Note[], conference: ConferenceSid): readonly RecordingSid[] => [
  ...new Set(notes.flatMap((note) => (note.conference === conference ? (note.recording ?? []) : []))),
];

function noteIn({ conference, recording }: Attributes): Note[] {
  if (!isUuid(conference?.S ?? "") || (recording !== undefined && !isUuid(recording.S ?? ""))) return [];
  return [
    {
      conference: conferenceSid(conference?.S ?? ""),
      ...(recording?.S === undefined ? {} : { recording: recordingSid(recording.S) }),
    },
  ];
}
