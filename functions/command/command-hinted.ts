// A command whose conference the directory told: a hint may be old, so it is held against what SignalWire says.

import type { Ports } from "../ports.ts";
import type { Command } from "../recording/command.ts";
import type { ConferenceSid, Millis, RecordingSid } from "../recording/ids.ts";
import type { Outcome } from "../recording/outcome.ts";
import { commandEach, inDoubt, stillTrue, together } from "./command-candidates.ts";
import type { FirstPause } from "./first-pause.ts";
import { type Resolved, resolve } from "./resolve.ts";

/** A pause is on the wire by then, where anything answers as it usually does. */
const HEAD_START_MS = 500;

export type Hinted = {
  readonly hint: ConferenceSid;
  readonly recordings: readonly RecordingSid[] | undefined;
  readonly firstPause: FirstPause;
  readonly deadline: Millis;
};

/** What SignalWire says of the target. Undefined: no answer. */
type Fresh = Resolved & {
  /** A call that is in another conference by now, and a hold that it places does not concern the hint. */
  readonly hasLeft: boolean;
};

/** Never rejects. */
export function commandHinted(ports: Ports, command: Command, hinted: Hinted): Promise<Outcome> {
  return command.operation.type === "place-hold"
    ? pauseHinted(ports, command, hinted)
    : afterAsking(ports, command, hinted);
}

/** The hint is paused at once; whatever else SignalWire names is paused as well. */
async function pauseHinted(ports: Ports, command: Command, hinted: Hinted): Promise<Outcome> {
  const { hint, recordings, firstPause, deadline } = hinted;
  const pausing = commandEach(ports, command, [hint], { deadline, hinted: recordings });
  // Behind the first pause: the open connection is for that.
  const asking = Promise.race([pausing, firstPause.sent, ports.sleep(HEAD_START_MS)]).then(() =>
    ask(ports, command, hinted),
  );
  const pausingOthers = asking.then(async (fresh) => {
    const others = (fresh?.conferences ?? []).filter((one) => one !== hint);
    const each = others.map((one) => commandEach(ports, command, [one], { deadline }));
    const [outcomes] = await Promise.all([Promise.all(each), fresh?.noting]);
    return outcomes;
  });
  let isAsked = false;
  void asking.then(() => {
    isAsked = true;
  });
  const outcome = await pausing;
  const isNew = isAsked;
  const [fresh, others] = await Promise.all([asking, pausingOthers]);
  if (fresh === undefined) return inDoubt(outcome);
  if (others.length === 0 && isNew) return outcome;
  if (isGone(outcome) && others.length > 0) return together(others);
  const all = fresh.hasLeft ? others : [outcome, ...others];
  if (fresh.hasLeft) await letGo(ports, command, hinted);
  return together(await Promise.all(all.map((one) => stillTrue(ports, command, one))));
}

/** A stop of the wrong conference cannot be undone, and a release of the wrong one releases nothing. */
async function afterAsking(ports: Ports, command: Command, hinted: Hinted): Promise<Outcome> {
  const { hint, recordings, deadline } = hinted;
  const handleHint = () => commandEach(ports, command, [hint], { deadline, hinted: recordings });
  const fresh = await ask(ports, command, hinted);
  if (fresh === undefined) {
    // A release concerns a hold of its own alone.
    return command.operation.type === "stop" ? { kind: "unavailable", why: "signalwire" } : handleHint();
  }
  if (fresh.conferences.length === 0) return handleHint();
  const handleFresh = commandEach(ports, command, fresh.conferences, { deadline });
  // The hold may have been placed before the call went to the other conference.
  const both = fresh.hasLeft && command.operation.type === "release-hold" ? handleHint() : undefined;
  const [outcome] = await Promise.all([handleFresh, fresh.noting, both]);
  return outcome;
}

async function ask(
  ports: Ports,
  { project, target, cause: { call } }: Command,
  { hint, deadline }: Hinted,
): Promise<Fresh | undefined> {
  try {
    if (target.by === "call") {
      const ref = { project, conference: hint };
      if (await ports.signalwire.takesPart(ref, target.call, deadline))
        return { conferences: [hint], isHint: false, hasLeft: false };
    }
    const fresh = await resolve(ports, project, target, { hint, deadline, call });
    const isElsewhere = fresh.conferences.length > 0 && !fresh.conferences.includes(hint);
    // Where nobody lists it, it is in its star menu: there it is no participant.
    return { ...fresh, hasLeft: target.by === "call" && isElsewhere };
  } catch {
    return undefined;
  }
}

/** The hold was placed where the call no longer is. */
async function letGo(ports: Ports, command: Command, { hint, deadline }: Hinted): Promise<void> {
  const { operation } = command;
  if (operation.type !== "place-hold") return;
  const time = { at: operation.time.at + 1, clock: operation.time.clock };
  const release: Command = { ...command, operation: { type: "release-hold", hold: operation.hold, time } };
  await commandEach(ports, release, [hint], { deadline });
}

const isGone = (outcome: Outcome): boolean =>
  outcome.kind === "refused" && (outcome.why === "conference-over" || outcome.why === "no-such-conference");
