import type { LedgerScan, ScanKey } from "../ledger/dynamo-scan.ts";
import { type Entry, LedgerFailure } from "../ledger/ledger.ts";
import { type ReadOut, readOut } from "../ledger/read-out.ts";
import type { FoundItem } from "../ledger/verify.ts";
import type { Period } from "../recording/evidence.ts";
import type { ConferenceRef, Millis } from "../recording/ids.ts";
import type { Outcome } from "../recording/outcome.ts";
import type { Found } from "../trigger/control.ts";
import type { EvidenceQuestion } from "../trigger/evidence-input.ts";
import { invalid } from "../trigger/parse-strictly.ts";
import { type ConferenceEvidence, conferenceEvidence } from "./conference-evidence.ts";
import { cursorOf, keyIn } from "./scan-cursor.ts";

// Evidence for a period: as much of the table as one invocation may take and answer, and from where to go on.

/** Of the function's 15 s. */
const BUDGET_MS = 8_000;
// Lambda answers 6 MB ("Invoke", AWS Lambda API Reference). A page of the table makes 1.5 MB at most, and one
// conference may come besides.
const ENOUGH_BYTES = 1_500_000;
const LARGEST_BYTES = 2_500_000;

type Asked = Extract<EvidenceQuestion["of"], { by: "period" }>;

/** @throws Rejected where `after` is no cursor that was answered */
export async function gatherEvidence(
  scan: LedgerScan,
  now: () => Millis,
  { period, project, after }: Asked,
  receivedAt: Millis,
): Promise<Found | Outcome> {
  let from = after === undefined ? undefined : keyOf(after);
  const conferences: ConferenceEvidence[] = [];
  const through = { ledgers: 0, entries: 0, expired: 0, strays: 0 };
  let bytes = 0;
  do {
    const page = await scan.page(from).catch(ledgerFailed);
    if (page === undefined && through.ledgers === 0) return { kind: "unavailable", why: "ledger" };
    if (page === undefined) break;
    through.strays += page.strays;
    for (const { ref, items } of page.ledgers) {
      if (project !== undefined && project !== ref.project) continue;
      through.ledgers += 1;
      through.entries += items.length;
      const read = readOut(items);
      if (hasExpired(read, items, now())) {
        through.expired += 1;
        continue;
      }
      const evidence = evidenceFor(ref, items, read, period);
      if (evidence === undefined) continue;
      conferences.push(evidence);
      bytes += bytesOf(evidence);
    }
    from = page.next;
  } while (from !== undefined && now() < receivedAt + BUDGET_MS && bytes < ENOUGH_BYTES);
  const next = from === undefined ? null : cursorOf(from);
  const asked = {
    from: iso(period.from),
    to: iso(period.to),
    project: project ?? null,
    after: after ?? null,
  };
  return { kind: "found", found: { ...asked, ...through, conferences, next } };
}

function keyOf(cursor: string): ScanKey {
  const key = keyIn(cursor);
  if (key === undefined) throw invalid(["next"], "must be the next of an answer before");
  return key;
}

/** Undefined: it does not concern the period. One that is not intact concerns every period, as its times may be what was changed. */
function evidenceFor(
  ref: ConferenceRef,
  items: readonly FoundItem[],
  read: ReadOut,
  period: Period,
): ConferenceEvidence | undefined {
  const evidence = conferenceEvidence(ref, items, read, period);
  const { intact, holds, exceptions } = evidence;
  const isIn = ({ at }: Entry) => period.from <= at && at < period.to;
  if (intact && holds.length + exceptions.length === 0 && !read.entries.some(isIn)) return undefined;
  // Said, never left out in silence.
  return bytesOf(evidence) > LARGEST_BYTES
    ? { ...evidence, holds: [], exceptions: [], tooLarge: true }
    : evidence;
}

/** All of it is past its time: DynamoDB removes such items when it gets to them, in any order. */
const hasExpired = (read: ReadOut, items: readonly FoundItem[], now: Millis): boolean =>
  read.unreadable.length === 0 && items.every(({ expires }) => expires * 1000 <= now);

const bytesOf = (value: object): number => Buffer.byteLength(JSON.stringify(value));
const iso = (at: Millis): string => new Date(at).toISOString();

function ledgerFailed(error: unknown): undefined {
  if (error instanceof LedgerFailure) return undefined;
  throw error;
}
