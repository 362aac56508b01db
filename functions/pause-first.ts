import type { Entry } from "./ledger/ledger.ts";
import type { Ports } from "./ports.ts";
import type { Command } from "./recording/command.ts";
import type { ConferenceState, KnownRecording } from "./recording/conference.ts";
import { type Decision, decide } from "./recording/decide.ts";
import type { Fact } from "./recording/facts.ts";
import type { ConferenceRef, Millis, RecordingSid } from "./recording/ids.ts";
import { activityOf } from "./recording/status.ts";
import { sendPauses } from "./send.ts";
import type { RecordingTarget } from "./signalwire/signalwire.ts";

// The pauses that are sent before the ledger has the hold: too early a pause harms nobody.

/** How long a pause waits for AWS before it goes ahead without it. */
const PATIENCE_MS = 150;

/** `doubtful`: those of `paused` that gave no definite answer. */
export type Sent = { readonly paused: readonly RecordingSid[]; readonly doubtful: readonly RecordingSid[] };

export type PauseFirst = {
  /** Those that did not wait for the ledger, which may turn out to know better. */
  readonly blind: Promise<Sent>;
  /**
   * Sends to what the ledger knows to be there, and to what callbacks told of, where `state` lets the hold be placed. Comes with
   * those that were on their way already because nothing could speak against them.
   */
  readonly known: (state: ConferenceState) => Promise<Sent>;
  /** Resolves when nothing that was begun goes on. */
  readonly over: Promise<unknown>;
};

export type Beginning = {
  readonly reading: Promise<{ readonly entry: Entry | undefined } | undefined>;
  /** The conference's recordings as far as callbacks told, if the directory was asked already. */
  readonly hinted: readonly RecordingSid[] | undefined;
  readonly deadline: Millis;
};

const nothing: Sent = { paused: [], doubtful: [] };

/** Begins to pause while the ledger is being read. Never rejects. */
export function pauseFirst(
  ports: Ports,
  ref: ConferenceRef,
  command: Command,
  { reading, hinted, deadline }: Beginning,
): PauseFirst {
  const { operation } = command;
  if (operation.type !== "place-hold") {
    return { blind: Promise.resolve(nothing), known: async () => nothing, over: Promise.resolve() };
  }
  const concerned = (sid: RecordingSid) => command.recording === undefined || sid === command.recording;
  const pause = async (recordings: readonly RecordingTarget[]): Promise<Sent> => {
    const targets = recordings.filter(({ sid }) => concerned(sid));
    const doubtful = await sendPauses(ports, ref, targets, () => behaviorOf(ports, command), deadline);
    return { paused: targets.map(({ sid }) => sid), doubtful };
  };

  const patience = ports.sleep(PATIENCE_MS);
  const hinting = hinted ?? hintsFor(ports, ref, patience);
  // Our own order of receipt is never late. Any other placement may be, and a late one changes nothing, not even for a moment.
  const early = operation.time.clock === "receipt" && hinted !== undefined ? hinted : [];
  const goingEarly = pause(early.map(target));
  const isLate = patience.then(() => true);
  const withoutLedger = async (): Promise<Sent> => {
    const mustGo = await Promise.race([isLate, reading.then((read) => read === undefined)]);
    if (!mustGo) return nothing;
    const { callRecordings } = ports.policy;
    const look = await ports.signalwire.look(ref, { callRecordings, deadline }).catch(() => undefined);
    return pause((look?.recordings ?? []).filter(({ status }) => activityOf(status) === "running"));
  };

  const blind = withoutLedger();
  return {
    blind,
    over: Promise.all([goingEarly, blind]),
    async known(state) {
      if (decide(state, command, ports.policy).kind === "refused") return goingEarly;
      const unseen = async () => {
        const told = (await hinting).filter((sid) => state.recordings[sid] === undefined);
        return pause(told.filter((sid) => !early.includes(sid)).map(target));
      };
      const live = liveIn(state).filter(({ sid }) => !early.includes(sid));
      return together(goingEarly, pause(live), unseen());
    },
  };
}

/** What callbacks told of; nothing where the directory is slow or down, because then a look is as fast. */
const hintsFor = (
  ports: Ports,
  ref: ConferenceRef,
  patience: Promise<void>,
): Promise<readonly RecordingSid[]> =>
  Promise.race([ports.directory.recordingsOf(ref).catch(() => []), patience.then(() => [])]);

function liveIn({ recordings }: ConferenceState): readonly RecordingTarget[] {
  const known = Object.entries(recordings) as [RecordingSid, KnownRecording][];
  return known
    .filter(([, { status }]) => activityOf(status) !== "over")
    .map(([sid, { call }]) => ({ sid, ...(call === undefined ? {} : { call }) }));
}

const target = (sid: RecordingSid): RecordingTarget => ({ sid });

async function together(...sending: readonly Promise<Sent>[]): Promise<Sent> {
  const all = await Promise.all(sending);
  return {
    paused: all.flatMap(({ paused }) => paused),
    doubtful: all.flatMap(({ doubtful }) => doubtful),
  };
}

/** How a pause of this command is to sound. */
export const behaviorOf = ({ policy }: Ports, { operation }: Command) =>
  (operation.type === "place-hold" ? operation.pauseBehavior : undefined) ?? policy.pauseBehavior;

/** A pause that was sent without a hold to show for it is written down, so that it is undone; what is over needs no undoing. */
export function blindFacts(decision: Decision, sent: readonly RecordingSid[]): readonly Fact[] {
  const isOver = decision.kind === "refused" && decision.why !== "stale-pause";
  const isPlaced = decision.facts.some(({ type }) => type === "hold-placed");
  return sent.length === 0 || isOver || isPlaced ? [] : [{ type: "pause-sent", recordings: sent }];
}
