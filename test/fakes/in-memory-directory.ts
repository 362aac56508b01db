import { type Directory, LedgerFailure } from "../../functions/ledger/ledger.ts";
import type { ConferenceRef, ConferenceSid, Millis, RecordingSid } from "../../functions/recording/ids.ts";

export type DirectoryCall = { readonly operation: "note" | "read"; readonly key: string };

/** Throwing makes a LedgerFailure of the call, before it took effect. */
export type DirectoryHooks = { before?: (call: DirectoryCall) => void | Promise<void> };

const keptMs = 86_400_000;

/** The directory in memory. `hooks` may be changed at any time. */
export function createInMemoryDirectory(options: {
  now: () => Millis;
  hooks?: DirectoryHooks;
}): Directory & { readonly hooks: DirectoryHooks } {
  const { now, hooks = {} } = options;
  const notes = new Map<string, { conference: ConferenceSid; expiresAt: Millis }>();
  const recordings: { ref: ConferenceRef; recording: RecordingSid; expiresAt: Millis }[] = [];

  async function call<T>(about: DirectoryCall, effect: () => T): Promise<T> {
    try {
      await hooks.before?.(about);
    } catch (cause) {
      throw new LedgerFailure(`no answer to ${about.operation}`, { cause });
    }
    return effect();
  }
  const note = (key: string, conference: ConferenceSid) =>
    call({ operation: "note", key }, () => {
      notes.set(key, { conference, expiresAt: now() + keptMs });
    });
  const conferenceAt = (key: string) => {
    const found = notes.get(key);
    return found !== undefined && found.expiresAt > now() ? found.conference : undefined;
  };
  const recordingsIn = (of: ConferenceRef) => {
    const noted = recordings.filter(({ ref, expiresAt }) => isSame(ref, of) && expiresAt > now());
    return [...new Set(noted.map(({ recording }) => recording).reverse())];
  };

  return {
    hooks,
    noteRoom: (project, room, conference) => note(`${project}#room#${room}`, conference),
    noteCall: (project, call, conference) => note(`${project}#call#${call}`, conference),
    noteRecording: (ref, recording) =>
      call({ operation: "note", key: `${ref.project}#recordings#${ref.conference}` }, () => {
        recordings.push({ ref, recording, expiresAt: now() + keptMs });
      }),
    hintOfRoom: (project, room) =>
      call({ operation: "read", key: `${project}#room#${room}` }, () => {
        const conference = conferenceAt(`${project}#room#${room}`);
        return conference && { conference, recordings: recordingsIn({ project, conference }) };
      }),
    conferenceOfCall: (project, call_) =>
      call({ operation: "read", key: `${project}#call#${call_}` }, () =>
        conferenceAt(`${project}#call#${call_}`),
      ),
    recordingsOf: (ref) =>
      call({ operation: "read", key: `${ref.project}#recordings#${ref.conference}` }, () =>
        recordingsIn(ref),
      ),
  };
}

const isSame = (one: ConferenceRef, other: ConferenceRef): boolean =>
  one.project === other.project && one.conference === other.conference;
