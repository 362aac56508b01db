import { compare } from "../recording/compare.ts";
import { nothingYet } from "../recording/conference.ts";
import type { Millis } from "../recording/ids.ts";
import type { Converged } from "./converge.ts";

/** What the last look shows that is not as the ledger wants it; nothing where there was none. */
export const leftToDo = ({ entry, look }: Converged, now: Millis) =>
  look === undefined ? { pause: [], stop: [], resume: [] } : compare(entry?.state ?? nothingYet, look, now);

/** It sent something, and no look has borne it out. */
export function isUnfinished(converged: Converged, now: Millis): boolean {
  const { pause, stop, resume } = leftToDo(converged, now);
  const isAsWanted = converged.look !== undefined && pause.length + stop.length + resume.length === 0;
  return converged.hasActed && !isAsWanted;
}
