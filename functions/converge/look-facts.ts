import { type Comparison, compare, type Found, mayBeOurs } from "../recording/compare.ts";
import type { ConferenceState } from "../recording/conference.ts";
import { factsOf, type TimedLook } from "../recording/confirm.ts";
import type { Fact } from "../recording/facts.ts";
import type { RecordingSid } from "../recording/ids.ts";
import { activityOf, type Look } from "../recording/status.ts";
import { activeHolds, wantedOf } from "../recording/wanted.ts";
import { endedTickets, type OwnTickets } from "./resume.ts";

// What a look adds to the ledger as it stands now, which may be newer than the state that the look was held against.

/** What this run did itself. */
export type Own = { readonly tickets: OwnTickets; readonly paused: Set<RecordingSid> };

/** A sight that is not what is wanted waits for the next look, unless it was news. */
export function lookFacts(
  own: Own,
  timed: TimedLook,
  state: ConferenceState,
  plan: Pick<Comparison, "pause" | "stop" | "resume" | "found">,
): readonly Fact[] {
  const { look, seenAt } = timed;
  const claimed = claims(own, state, look);
  // What is found only in the light of what was written since waits for a look that began after it.
  const found = compare(confirmedThen(state, timed.state), look, seenAt)
    .found.filter((fact) => plan.found.some(isOf(fact)))
    .filter((fact) => fact.type !== "found-paused" || !own.paused.has(fact.recording));
  const isDone = plan.pause.length + plan.stop.length + plan.resume.length === 0;
  const seen = isDone || found.length > 0 ? factsOf(timed, state) : [];
  return [
    ...endedTickets(own.tickets, state, look),
    ...seen,
    ...found,
    ...claimed,
    ...conferenceFacts(state, look),
  ];
}

/** The state with only those confirmations in it that the look was held against: it saw nothing of a later one. */
function confirmedThen(state: ConferenceState, then: ConferenceState): ConferenceState {
  const holds = activeHolds(state).map(([key, hold]) => {
    const { confirmedAt, ...unconfirmed } = hold;
    return [key, confirmedAt === then.holds[key]?.confirmedAt ? hold : unconfirmed];
  });
  return { ...state, holds: Object.fromEntries(holds) };
}

const isOf =
  (found: Found) =>
  (other: Found): boolean =>
    other.type === found.type && other.recording === found.recording;

/** What is left to say when the time is up. */
export const lastFacts = (own: Own, timed: TimedLook, state: ConferenceState): readonly Fact[] => [
  ...endedTickets(own.tickets, state, timed.look),
  ...factsOf(timed, state),
  ...claims(own, state, timed.look),
];

/** A pause of this run holds a recording that by now no hold covers: it is claimed, so that it is undone. */
function claims(own: Own, state: ConferenceState, look: Look): readonly Fact[] {
  const recordings = look.recordings
    .filter((seen) => activityOf(seen.status) === "paused" && own.paused.has(seen.sid))
    .filter((seen) => wantedOf(state, seen.sid) === "in-progress" && !mayBeOurs(state, seen))
    .map(({ sid }) => sid);
  return recordings.length === 0 ? [] : [{ type: "pause-sent", recordings }];
}

function conferenceFacts(state: ConferenceState, look: Look): readonly Fact[] {
  if (state.ended || look.conference === "running") return [];
  if (look.conference === "over") return [{ type: "conference-ended", how: "seen-over" }];
  if (!state.seen) {
    return activeHolds(state).map(
      ([key]): Fact => ({ type: "hold-withdrawn", key, why: "no-such-conference" }),
    );
  }
  return state.missing
    ? [{ type: "conference-ended", how: "missing-twice" }]
    : [{ type: "conference-missing" }];
}
