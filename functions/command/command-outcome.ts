import type { Converged } from "../converge/converge.ts";
import { answerOf, holdOf } from "../recording/answer.ts";
import type { Command } from "../recording/command.ts";
import { nothingYet } from "../recording/conference.ts";
import type { ConferenceRef } from "../recording/ids.ts";
import type { Outcome } from "../recording/outcome.ts";
import { activityOf } from "../recording/status.ts";

/** What a command has come to, as far as the last look shows it. */
export function outcomeOf(
  ref: ConferenceRef,
  command: Command,
  { entry, look, settled }: Converged,
): Outcome {
  const state = entry?.state ?? nothingYet;
  const { operation, recording } = command;
  const hold = holdOf(command);
  const answer = answerOf({
    conference: ref.conference,
    state,
    settled,
    ...(look === undefined ? {} : { look }),
    ...(recording === undefined ? {} : { recording }),
    ...(hold === undefined ? {} : { hold }),
  });
  if (look?.conference === "unknown" && !state.seen) return { kind: "refused", why: "no-such-conference" };
  if (operation.type !== "stop") {
    if (state.ended) return { kind: "refused", why: "conference-over", answer };
    if (state.stopped) return { kind: "refused", why: "stopped", answer };
    const named = look?.recordings.find(({ sid }) => sid === recording);
    if (named !== undefined && activityOf(named.status) === "over")
      return { kind: "refused", why: "recording-over", answer };
  }
  // Released or ended while this was under way: no success goes with a pause that is not in force.
  if (operation.type === "place-hold" && hold !== undefined && state.holds[hold] === undefined) {
    return { kind: "refused", why: "stale-pause", answer };
  }
  const isDone = operation.type === "place-hold" ? answer.safeToCollect : answer.confirmed;
  return { kind: isDone ? "done" : "pending", answer };
}
