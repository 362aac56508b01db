import type { ReadOut } from "../ledger/read-out.ts";
import { type FoundItem, type Verification, verifyChain } from "../ledger/verify.ts";
import { type Evidence, evidenceOf, type Period } from "../recording/evidence.ts";
import type { Recorded } from "../recording/evidence-course.ts";
import { evolve } from "../recording/evolve.ts";
import type { ConferenceRef, ConferenceSid, ProjectId } from "../recording/ids.ts";

/** The evidence of one conference, and what vouches for it. */
export type ConferenceEvidence = Evidence &
  Verification & {
    readonly project: ProjectId;
    readonly conference: ConferenceSid;
    /** Of the newest item, and so of all before it; null: there is none. */
    readonly hash: string | null;
    /** Positions of items that cannot be read. */
    readonly unreadable: readonly number[];
    /** It is more than one answer can hold and was left out: to be asked for by itself. */
    readonly tooLarge?: true;
  };

/** `read` is what `readOut` makes of `items`. */
export function conferenceEvidence(
  ref: ConferenceRef,
  items: readonly FoundItem[],
  { entries, unreadable }: ReadOut,
  period?: Period,
): ConferenceEvidence {
  const verification = verifyChain(ref, items, evolve);
  const { project, conference } = ref;
  const hash = items.at(-1)?.hash ?? null;
  const told = asFarAsItGoes(entries, verification, (some) => evidenceOf(some, period));
  return { project, conference, ...verification, hash, unreadable, ...told };
}

/** What `tell` makes of the entries; of a broken ledger's whose facts are none of ours, what it makes of those before. */
export function asFarAsItGoes<Entry extends Recorded, Told>(
  entries: readonly Entry[],
  { brokenAt }: Verification,
  tell: (entries: readonly Entry[]) => Told,
): Told {
  try {
    return tell(entries);
  } catch (error) {
    if (brokenAt === null) throw error;
    return tell(entries.filter(({ position }) => position < brokenAt));
  }
}
