// A command whose conference the directory told: a hint may be old, so it is held against what SignalWire says.
import type { Ports } from "../ports.ts";
import type { Command } from "../recording/command.ts";
import type { ConferenceSid, Millis, RecordingSid } from "../recording/ids.ts";
import type { Outcome } from "../recording/outcome.ts";
import { commandEach, commandFound, together } from "./command-candidates.ts";
import type { FirstPause } from "./first-pause.ts";
import { type Resolved, resolve } from "./resolve.ts";
import { inDoubt, stillTrue } from "./still-true.ts";

/** A pause is on the wire by then, where anything answers as it usually does. */
const HEAD_START_MS = 500;
/** How long a pause waits to be told where its call is. */
const PATIENCE_MS = 150;
/** What is left of the time for whatever SignalWire names. */
const LEFT_MS = 1_200;

export type Hinted = {
  readonly hint: ConferenceSid;
  readonly recordings: readonly RecordingSid[] | undefined;
  readonly firstPause: FirstPause;
  readonly deadline: Millis;
};

/** What SignalWire says of the target; undefined: no answer. `hasLeft`: a call that is in another conference by now. */
type Fresh = (Resolved & { readonly hasLeft: boolean }) | undefined;

/** Never rejects. */
export async function commandHinted(ports: Ports, command: Command, hinted: Hinted): Promise<Outcome> {
  const { operation, target } = command;
  if (operation.type !== "place-hold") {
    return afterAsking(ports, command, hinted, await ask(ports, command, hinted));
  }
  if (target.by === "room") {
    return pauseHinted(ports, command, hinted, (behind) => behind.then(() => ask(ports, command, hinted)));
  }
  // A hold that is placed where the call no longer is cannot be let go without ending what others may hold by the same name.
  const asking = ask(ports, command, hinted);
  const isTold = await Promise.race([asking.then(() => true), ports.sleep(PATIENCE_MS).then(() => false)]);
  return isTold
    ? afterAsking(ports, command, hinted, await asking)
    : pauseHinted(ports, command, hinted, () => asking);
}

/** The hint is paused at once; whatever else SignalWire names is paused as well. */
async function pauseHinted(
  ports: Ports,
  command: Command,
  { hint, recordings, firstPause, deadline }: Hinted,
  ask: (behind: Promise<unknown>) => Promise<Fresh>,
): Promise<Outcome> {
  const pausing = commandEach(ports, command, [hint], { deadline, hinted: recordings });
  // Behind the first pause: the open connection is for that.
  const asking = ask(Promise.race([pausing, firstPause.sent, ports.sleep(HEAD_START_MS)]));
  const pausingOthers = asking.then(async (fresh) => {
    const others = (fresh?.conferences ?? []).filter((one) => one !== hint);
    const each = others.map((one) => commandEach(ports, command, [one], { deadline }));
    const [outcomes] = await Promise.all([Promise.all(each), fresh?.noting]);
    return outcomes;
  });
  const isAskedFirst = asking.then(() => true);
  const outcome = await pausing;
  const isNew = await Promise.race([isAskedFirst, Promise.resolve(false)]);
  const [fresh, others] = await Promise.all([asking, pausingOthers]);
  if (fresh === undefined) return inDoubt(ports, command, outcome);
  if (others.length === 0 && isNew) return outcome;
  const all = isGone(outcome) && others.length > 0 ? others : [outcome, ...others];
  return together(await Promise.all(all.map((one) => stillTrue(ports, command, one))));
}

async function afterAsking(ports: Ports, command: Command, hinted: Hinted, fresh: Fresh): Promise<Outcome> {
  const { operation, target, source } = command;
  const { hint, recordings, deadline } = hinted;
  const handleHint = () => commandEach(ports, command, [hint], { deadline, hinted: recordings });
  if (fresh === undefined) {
    if (operation.type === "place-hold") return inDoubt(ports, command, await handleHint());
    // Of all that is not a pause only the release of a hold that nobody else can mean may meet the wrong conference.
    const isOwn = operation.type === "release-hold" && source !== "control";
    return isOwn ? handleHint() : { kind: "unavailable", why: "signalwire" };
  }
  if (fresh.conferences.length === 0) {
    // A call in its star menu is in no list, nor is one that is over.
    const isRisky = operation.type === "release-all-holds" || operation.type === "stop";
    return target.by === "call" && isRisky && source !== "telephony"
      ? { kind: "refused", why: "no-such-conference" }
      : handleHint();
  }
  // The hold of a call's own keys may have been placed before it went to the other conference, and no other has its name.
  const isOfCall = operation.type === "release-hold" && source === "telephony";
  const [outcome] = await Promise.all([
    commandFound(ports, command, fresh, deadline),
    fresh.hasLeft && isOfCall ? handleHint() : undefined,
  ]);
  return outcome;
}

async function ask(
  ports: Ports,
  { project, target, cause: { call } }: Command,
  { hint, deadline: last }: Hinted,
): Promise<Fresh> {
  const deadline = last - LEFT_MS;
  try {
    if (target.by === "call") {
      const ref = { project, conference: hint };
      if (await ports.signalwire.takesPart(ref, target.call, deadline))
        return { conferences: [hint], isHint: false, hasLeft: false };
    }
    const fresh = await resolve(ports, project, target, { hint, deadline, call });
    const isElsewhere = fresh.conferences.length > 0 && !fresh.conferences.includes(hint);
    return { ...fresh, hasLeft: target.by === "call" && isElsewhere };
  } catch {
    return undefined;
  }
}

const isGone = (outcome: Outcome): boolean =>
  outcome.kind === "refused" && (outcome.why === "conference-over" || outcome.why === "no-such-conference");
