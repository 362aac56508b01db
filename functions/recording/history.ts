import type { Fact } from "./facts.ts";
import type { HoldKey } from "./hold.ts";
import type { Millis, RecordingSid } from "./ids.ts";
import { activityOf } from "./status.ts";

/** One entry, as far as its history needs it. */
export type Told = { readonly at: Millis; readonly facts: readonly Fact[] };

/** Time in which audio may have been recorded although it should not have been. */
export type Exposure = {
  readonly hold?: HoldKey;
  readonly recording?: RecordingSid;
  readonly how: "until-confirmed" | "overdue" | "resumed-by-other" | "started";
  readonly milliseconds: Millis;
};

/** A stretch in which a recording was seen paused. Times are those of the looks, so the true gap is a little different. */
export type Gap = {
  readonly recording: RecordingSid;
  /** ISO 8601, UTC. */
  readonly from: string;
  /** Null: still paused when last seen. */
  readonly to: string | null;
};

export const exposuresOf = (entries: readonly Told[]): readonly Exposure[] =>
  entries.flatMap(({ facts }) => facts).flatMap(exposureOf);

function exposureOf(fact: Fact): readonly Exposure[] {
  switch (fact.type) {
    case "pause-confirmed":
      return [{ hold: fact.key, how: "until-confirmed", milliseconds: fact.exposureMs }];
    case "pause-overdue":
      return [{ hold: fact.key, how: "overdue", milliseconds: fact.exposureMs }];
    case "found-running":
      return [{ recording: fact.recording, how: fact.how, milliseconds: fact.exposureMs }];
    default:
      return [];
  }
}

export function gapsOf(entries: readonly Told[]): readonly Gap[] {
  const gaps: { recording: RecordingSid; from: string; to: string | null }[] = [];
  for (const fact of entries.flatMap(({ facts }) => facts)) {
    if (fact.type !== "recordings-seen") continue;
    const lookedAt = new Date(fact.lookedAt).toISOString();
    for (const { sid, status } of fact.recordings) {
      const open = gaps.find(({ recording, to }) => recording === sid && to === null);
      const isPaused = activityOf(status) === "paused";
      if (isPaused && open === undefined) gaps.push({ recording: sid, from: lookedAt, to: null });
      if (!isPaused && open !== undefined) open.to = lookedAt;
    }
  }
  return gaps;
}
