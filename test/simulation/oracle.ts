import type { Entry } from "../../functions/ledger/ledger.ts";
import type { RecordingSid } from "../../functions/recording/ids.ts";
import type { Outcome } from "../../functions/recording/outcome.ts";

// What must never happen, judged from the outside: from the facts in the ledger, from what reaches SignalWire and from what
// callers are told. It shares no code with what it judges and keeps the holds by itself.

export type Oracle = {
  readonly violations: string[];
  /** `isOver`: the conference is, at SignalWire. */
  appended(entry: Entry, isOver?: boolean): void;
  resumeSent(recording: RecordingSid): void;
  resumeApplied(recording: RecordingSid): void;
  /** Somebody else resumed, paused or started this recording: from then on only what checks make of it is judged. */
  disturbed(recording: RecordingSid): void;
  /** A caller was told this about the hold it placed. `isLate`: its process stood still, maybe with the answer in its hands. */
  answered(
    hold: string,
    outcome: Outcome,
    statuses: ReadonlyMap<RecordingSid, string>,
    isLate?: boolean,
  ): void;
  /** What ends by itself has had the time to. */
  outlived(now: number): void;
  /** Nobody but us was there, so that the ledger may tell of nobody else. */
  alone(): void;
  /** Everything has come to rest. `isFaultless`: nothing has failed and nobody else was there, so that no alarm is an excuse. */
  atRest(statuses: ReadonlyMap<RecordingSid, string>, alarms: readonly string[], isFaultless?: boolean): void;
  /** The checks have had the time to find what somebody else resumed or started under a hold; if none was queued, somebody is told. */
  watched(statuses: ReadonlyMap<RecordingSid, string>, alarms: readonly string[], checks: number): void;
};

export function createOracle(): Oracle {
  const violations: string[] = [];
  /** Active holds by their key; true: confirmed in the ledger, or to a caller. */
  const holds = new Map<string, boolean>();
  /** The one recording that a hold is for, and when it ends by itself. */
  const scopes = new Map<string, RecordingSid | undefined>();
  const ends = new Map<string, number | undefined>();
  const holding = (recording: RecordingSid): readonly string[] =>
    [...holds.keys()].filter((key) => (scopes.get(key) ?? recording) === recording);
  /** The latest time of each kind of operation, by hold. */
  const placed = new Map<string, number>();
  const released = new Map<string, number>();
  /** The position of each hold's latest placement. */
  const placements = new Map<string, number>();
  const tickets = new Map<RecordingSid, number>();
  const disturbed = new Set<RecordingSid>();
  let isFoundRunning = false;
  let isStopped = false;
  let isEnded = false;
  let position = 0;
  const fail = (text: string) => violations.push(text);
  const later = (map: Map<string, number>, key: string, at: number) =>
    map.set(key, Math.max(at, map.get(key) ?? at));
  /** What has no time at its source ends that placement only: the same again is late, a newer one holds. */
  const end = (key: string): void => {
    later(released, key, (placed.get(key) ?? 0) + 0.5);
    holds.delete(key);
  };

  return {
    violations,
    appended({ position: at, facts }, isOver = false) {
      if (at !== position + 1) fail(`position ${at} behind ${position}`);
      position = at;
      for (const fact of facts) {
        switch (fact.type) {
          case "hold-placed": {
            if (isEnded) fail("a hold was placed behind the end of the conference");
            const key = `${fact.hold.source}/${fact.hold.id}`;
            if ((released.get(key) ?? -1) > fact.hold.at)
              fail(`${key} placed although it was released later`);
            later(placed, key, fact.hold.at);
            placements.set(key, at);
            holds.set(key, false);
            scopes.set(key, fact.hold.recording);
            ends.set(key, fact.hold.releasesAt);
            break;
          }
          case "hold-released":
            if ((placed.get(fact.key) ?? -1) >= fact.at) fail(`${fact.key} released by an older operation`);
            later(released, fact.key, fact.at);
            holds.delete(fact.key);
            break;
          case "operation-ignored":
            if (fact.key !== undefined && fact.at !== undefined && fact.operation === "release") {
              later(released, fact.key, fact.at);
            }
            break;
          case "hold-expired":
          case "hold-withdrawn":
            end(fact.key);
            break;
          case "all-holds-released":
            for (const key of [...holds.keys()])
              if (fact.recording === undefined || scopes.get(key) === fact.recording) end(key);
            break;
          case "conference-ended":
            if (!isOver) fail("the conference is said to be over, and is not");
            isEnded = true;
            for (const key of [...holds.keys()]) end(key);
            break;
          case "stop-ordered":
            isStopped = true;
            break;
          case "pause-confirmed":
            if (holds.has(fact.key)) holds.set(fact.key, true);
            break;
          case "found-running":
            isFoundRunning = true;
            break;
          case "resume-started":
            if (holding(fact.recording).length > 0)
              fail(`a ticket was opened under ${holding(fact.recording).join()}`);
            if (isStopped) fail("a ticket was opened after a stop");
            if (isEnded) fail("a ticket was opened behind the end of the conference");
            tickets.set(fact.recording, (tickets.get(fact.recording) ?? 0) + 1);
            break;
          default:
        }
      }
    },
    resumeSent(recording) {
      const left = tickets.get(recording) ?? 0;
      if (left === 0) fail(`a resume of ${recording} without a ticket of its own`);
      tickets.set(recording, left - 1);
    },
    resumeApplied(recording) {
      const confirmed = holding(recording).filter((key) => holds.get(key));
      // Where somebody else's resume is taken for ours, ours may still be on the wire: nothing at SignalWire tells them apart.
      if (confirmed.length > 0 && !disturbed.has(recording))
        fail(`${recording} was resumed under the confirmed ${confirmed.join()}`);
    },
    disturbed(recording) {
      disturbed.add(recording);
    },
    answered(hold, outcome, statuses, isLate = false) {
      if (outcome.kind !== "done") return;
      if (!outcome.answer.safeToCollect) return fail(`${hold}: done, and not safe`);
      if (!holds.has(hold)) return undefined; // released by somebody else before the answer arrived
      // True of the placement before, when it was decided; an answer on its way can be overtaken by anything.
      if (isLate && outcome.answer.position < (placements.get(hold) ?? 0)) return undefined;
      holds.set(hold, true);
      const running = [...statuses].filter(
        ([recording, status]) =>
          status === "in-progress" && !disturbed.has(recording) && holding(recording).includes(hold),
      );
      return running.length > 0 ? fail(`${hold}: told that it is safe while ${running.join()}`) : undefined;
    },
    watched(statuses, alarms, checks) {
      if (isStopped || (checks === 0 && alarms.includes("check-not-queued"))) return;
      for (const [recording, status] of statuses) {
        if (status === "in-progress" && holding(recording).length > 0)
          fail(`nobody saw that ${recording} runs under ${holding(recording).join()}`);
      }
    },
    outlived(now) {
      for (const key of holds.keys()) {
        if ((ends.get(key) ?? now) < now) fail(`${key} has outlived its end`);
      }
    },
    alone() {
      if (isFoundRunning) fail("somebody is said to have resumed, and nobody has");
    },
    atRest(statuses, alarms, isFaultless = false) {
      for (const [recording, status] of statuses) {
        const wanted = isStopped ? "stopped" : holding(recording).length > 0 ? "paused" : "in-progress";
        if (status === wanted || status === "completed") continue;
        // A pause that could not be written down has nobody to undo it; but somebody is told.
        const isTold = alarms.includes("found-paused") || alarms.includes("not-durable");
        if (wanted === "in-progress" && status === "paused" && isTold && !isFaultless) continue;
        fail(`at rest ${recording} is ${status}, wanted ${wanted}`);
      }
      for (const [key, at] of placed) {
        const isActive = at >= (released.get(key) ?? -1);
        if (isActive !== holds.has(key)) fail(`${key} is ${holds.has(key) ? "" : "not "}held`);
      }
    },
  };
}
