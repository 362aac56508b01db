import type { Ports } from "./ports.ts";
import type { Target } from "./recording/command.ts";
import type { ConferenceSid, Millis, ProjectId } from "./recording/ids.ts";

/** `isHint`: from the directory, so it may be a conference that is over. More than one: ambiguous. */
export type Resolved = { readonly conferences: readonly ConferenceSid[]; readonly isHint: boolean };

/**
 * Which conference a trigger means. The directory knows at once what the callbacks told; where they came late or never,
 * SignalWire is asked. Never by a window of time.
 * @throws SignalWireFailure
 */
export async function resolve(
  ports: Ports,
  project: ProjectId,
  target: Target,
  how: { readonly isFresh: boolean; readonly deadline: Millis },
): Promise<Resolved> {
  if (target.by === "conference") return { conferences: [target.conference], isHint: false };
  if (!how.isFresh) {
    const hint = await hintFor(ports, project, target).catch(() => undefined);
    if (hint !== undefined) return { conferences: [hint], isHint: true };
  }
  const conferences =
    target.by === "room"
      ? await ports.signalwire.conferencesInRoom(project, target.room, how.deadline)
      : await ports.signalwire.conferencesOfCall(project, target.call, how.deadline);
  const [only, ...others] = conferences;
  if (only !== undefined && others.length === 0)
    await note(ports, project, target, only).catch(() => undefined);
  return { conferences, isHint: false };
}

const hintFor = (ports: Ports, project: ProjectId, target: Exclude<Target, { by: "conference" }>) =>
  target.by === "room"
    ? ports.directory.conferenceOfRoom(project, target.room)
    : ports.directory.conferenceOfCall(project, target.call);

const note = (
  ports: Ports,
  project: ProjectId,
  target: Exclude<Target, { by: "conference" }>,
  conference: ConferenceSid,
) =>
  target.by === "room"
    ? ports.directory.noteRoom(project, target.room, conference)
    : ports.directory.noteCall(project, target.call, conference);
