import type { Ports } from "../ports.ts";
import type { ConferenceRef } from "../recording/ids.ts";

/** The first check behind a command. */
const FIRST_CHECK_SECONDS = 5;

/** Neither rejects. */
export type FirstCheck = {
  readonly chain: string;
  /** False: not known to be queued. */
  readonly isQueued: Promise<boolean>;
  /** Once more, as a chain that goes on alone should both of them come (fact `check-in-doubt`). */
  again(): Promise<boolean>;
};

/** Sends at once. */
export function queueFirstCheck(ports: Ports, ref: ConferenceRef): FirstCheck {
  const chain = ports.newId();
  const send = (name: string): Promise<boolean> =>
    ports.checks.send({ ...ref, chain: name, hop: 0 }, FIRST_CHECK_SECONDS).then(
      () => true,
      () => false,
    );
  return { chain, isQueued: send(chain), again: () => send(`${chain}.again`) };
}

/** What the checks of one command have in common, whichever delivery or attempt they came of. */
export const originOf = (chain: string): string => chain.split(".")[0] ?? chain;
