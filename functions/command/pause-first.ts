import { sendPauses } from "../converge/send.ts";
import type { Entry } from "../ledger/ledger.ts";
import type { Ports } from "../ports.ts";
import type { Command } from "../recording/command.ts";
import { type ConferenceState, liveRecordings } from "../recording/conference.ts";
import { type Decision, decide } from "../recording/decide.ts";
import type { Fact } from "../recording/facts.ts";
import type { ConferenceRef, Millis, RecordingSid } from "../recording/ids.ts";
import { activityOf } from "../recording/status.ts";
import type { RecordingTarget } from "../signalwire/signalwire.ts";

// The pauses that are sent before the ledger has the hold: too early a pause harms nobody.

/** How long a pause waits for AWS before it goes ahead without it. */
const PATIENCE_MS = 150;

/** Recordings to which a pause was sent. `doubtful`: those that gave no definite answer, once it is over with all of them. */
export type Sent = {
  readonly paused: readonly RecordingTarget[];
  readonly doubtful: Promise<readonly RecordingSid[]>;
};

export type PauseFirst = {
  /** Those that did not wait for the ledger, which may turn out to know better. */
  readonly blind: Promise<Sent>;
  /**
   * Sends to what the ledger knows to be there, to what callbacks told of, and to the recording that is named, where `state` lets
   * the hold be placed. Comes with those that were on their way already because nothing could speak against them.
   */
  readonly known: (state: ConferenceState) => Promise<Sent>;
};

/** Resolves when none of it goes on. */
export const over = async (...sending: readonly Promise<Sent>[]): Promise<readonly RecordingSid[]> =>
  (await Promise.all(sending.map(async (one) => (await one).doubtful))).flat();

export type Beginning = {
  readonly reading: Promise<{ readonly entry: Entry | undefined } | undefined>;
  /** The conference's recordings as far as callbacks told, if the directory was asked already. */
  readonly hinted: readonly RecordingSid[] | undefined;
  readonly deadline: Millis;
};

const nothing: Sent = { paused: [], doubtful: Promise.resolve([]) };

/** Begins to pause while the ledger is being read. Never rejects. */
export function pauseFirst(
  ports: Ports,
  ref: ConferenceRef,
  command: Command,
  { reading, hinted, deadline }: Beginning,
): PauseFirst {
  const { operation } = command;
  if (operation.type !== "place-hold") {
    return { blind: Promise.resolve(nothing), known: async () => nothing };
  }
  const { recording } = command;
  const pause = (recordings: readonly RecordingTarget[]): Sent => {
    const targets = recordings.filter(({ sid }) => recording === undefined || sid === recording);
    const doubtful = sendPauses(ports, ref, targets, () => behaviorOf(ports, command), deadline);
    return { paused: targets, doubtful };
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
    // Whoever presses a key in the star menu is no participant, and is recorded all the same behind the menu.
    const calls = command.cause.call === undefined ? [] : [command.cause.call];
    const look = await ports.signalwire.look(ref, { callRecordings, calls, deadline }).catch(() => undefined);
    return pause((look?.recordings ?? []).filter(({ status }) => activityOf(status) === "running"));
  };

  return {
    blind: withoutLedger(),
    async known(state) {
      if (decide(state, command, ports.policy).kind === "refused") return goingEarly;
      const live = liveRecordings(state).filter(({ sid }) => !early.includes(sid));
      const isGoing = new Set([...early, ...live.map(({ sid }) => sid)]);
      const isUnseen = (sid: RecordingSid) => state.recordings[sid] === undefined && !isGoing.has(sid);
      const goingLive = pause(live);
      const goingNamed = pause(recording !== undefined && isUnseen(recording) ? [target(recording)] : []);
      const told = (await hinting).filter((sid) => isUnseen(sid) && sid !== recording);
      return together(goingEarly, goingLive, goingNamed, pause(told.map(target)));
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

const target = (sid: RecordingSid): RecordingTarget => ({ sid });

const together = (...all: readonly Sent[]): Sent => ({
  paused: all.flatMap(({ paused }) => paused),
  doubtful: Promise.all(all.map(({ doubtful }) => doubtful)).then((some) => some.flat()),
});

/** How a pause of this command is to sound. */
export const behaviorOf = ({ policy }: Ports, { operation }: Command) =>
  (operation.type === "place-hold" ? operation.pauseBehavior : undefined) ?? policy.pauseBehavior;

/**
 * A pause that was sent without a hold to show for it is written down, so that it is undone; what is over needs no undoing.
 * `known`: sent when the hold was still to be placed; whoever was faster may have released it.
 */
export function unheldFacts(decision: Decision, blind: Sent, known: Sent): readonly Fact[] {
  const isOver = decision.kind === "refused" && decision.why !== "stale-pause";
  if (isOver || decision.facts.some(({ type }) => type === "hold-placed")) return [];
  const targets = decision.kind === "refused" ? [...blind.paused, ...known.paused] : blind.paused;
  const sent = targets.map(({ sid }) => sid);
  return sent.length === 0 ? [] : [{ type: "pause-sent", recordings: [...new Set(sent)] }];
}
