import type { Fact } from "./facts.ts";

/** Everything that somebody has to be told of. */
export type AlarmName =
  | "not-confirmed"
  | "found-running"
  | "found-paused"
  | "resume-outstanding"
  | "stop-outstanding"
  | "hold-over-limit"
  | "pause-overdue"
  | "not-durable"
  | "ledger-crowded"
  | "check-not-queued"
  | "secret-stale"
  | "secret-unusable"
  | "signalwire-refused-us"
  | "bad-signature"
  | "redirect-refused"
  | "card-number-seen"
  | "unrecognised-status"
  | "unforeseen-error"
  | "check-failed";

/** The alarm that goes with a fact, if any does. */
export function alarmOf(fact: Fact): AlarmName | undefined {
  switch (fact.type) {
    case "found-running":
    case "found-paused":
    case "hold-over-limit":
    case "pause-overdue":
      return fact.type;
    default:
      return undefined;
  }
}
