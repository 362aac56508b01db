import type { Ports } from "../ports.ts";
import type { Target } from "../recording/command.ts";
import type { CallSid, ConferenceSid, Millis, ProjectId, RecordingSid } from "../recording/ids.ts";

/**
 * `isHint`: from the directory, so it may be a conference that is over. More than one: ambiguous. `recordings`: of the one
 * conference, where the directory told of them in the same breath.
 */
export type Resolved = {
  readonly conferences: readonly ConferenceSid[];
  readonly isHint: boolean;
  readonly recordings?: readonly RecordingSid[];
  /** What was found out is being written down; over by the time that this resolves. Never rejects. */
  readonly noting?: Promise<unknown>;
};

/** How long the directory is waited for before SignalWire is asked: a slow one must keep no pause waiting. */
const PATIENCE_MS = 150;

export type How = {
  /** What the directory said; undefined: it was not asked yet. */
  readonly hint?: ConferenceSid | undefined;
  readonly deadline: Millis;
  /** The call that asks. In its star menu it is in no list of SignalWire's, so it is noted with the room that it names. */
  readonly call?: CallSid | undefined;
};

/**
 * Which conference a trigger means. The directory knows at once what the callbacks told; where they came late or never,
 * SignalWire is asked. Never by a window of time.
 * @throws SignalWireFailure
 */
export async function resolve(
  ports: Ports,
  project: ProjectId,
  target: Target,
  { hint, deadline, call }: How,
): Promise<Resolved> {
  if (target.by === "conference") return { conferences: [target.conference], isHint: false };
  if (hint === undefined) {
    const hinting = hintFor(ports, project, target).catch(() => undefined);
    const known = await Promise.race([hinting, ports.sleep(PATIENCE_MS).then(() => undefined)]);
    if (known !== undefined) return { ...known, isHint: true };
  }
  const conferences =
    target.by === "room"
      ? await ports.signalwire.conferencesInRoom(project, target.room, deadline)
      : await ports.signalwire.conferencesOfCall(project, target.call, deadline);
  const [only, ...others] = conferences;
  if (only !== undefined && only !== hint && others.length === 0) {
    const asking = target.by === "room" && call ? [{ by: "call" as const, call }] : [];
    const noting = Promise.allSettled([target, ...asking].map((named) => note(ports, project, named, only)));
    return { conferences, isHint: false, noting };
  }
  return { conferences, isHint: false };
}

async function hintFor(
  { directory }: Ports,
  project: ProjectId,
  target: Exclude<Target, { by: "conference" }>,
): Promise<Omit<Resolved, "isHint"> | undefined> {
  if (target.by === "call") {
    const conference = await directory.conferenceOfCall(project, target.call);
    return conference && { conferences: [conference] };
  }
  const hint = await directory.hintOfRoom(project, target.room);
  return hint && { conferences: [hint.conference], recordings: hint.recordings };
}

const note = (
  ports: Ports,
  project: ProjectId,
  target: Exclude<Target, { by: "conference" }>,
  conference: ConferenceSid,
) =>
  target.by === "room"
    ? ports.directory.noteRoom(project, target.room, conference)
    : ports.directory.noteCall(project, target.call, conference);
