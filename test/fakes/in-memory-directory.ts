import { type Directory, LedgerFailure } from "../../functions/ledger/ledger.ts";
import type { ConferenceSid, Millis } from "../../functions/recording/ids.ts";

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
  const read = (key: string) =>
    call({ operation: "read", key }, () => {
      const found = notes.get(key);
      return found !== undefined && found.expiresAt > now() ? found.conference : undefined;
    });

  return {
    hooks,
    noteRoom: (project, room, conference) => note(`${project}#room#${room}`, conference),
    noteCall: (project, call, conference) => note(`${project}#call#${call}`, conference),
    conferenceOfRoom: (project, room) => read(`${project}#room#${room}`),
    conferenceOfCall: (project, call) => read(`${project}#call#${call}`),
  };
}
