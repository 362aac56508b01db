import {
  always,
  errorReply,
  errorTexts,
  invalid,
  json,
  notFound,
  type Planned,
  type Reply,
} from "./reply.ts";
import { recordingJson } from "./resource-json.ts";
import { isOver, isRunning, type PauseBehavior, type Recording } from "./resources.ts";
import type { RestContext } from "./rest-request.ts";
import type { Settings } from "./settings.ts";

/** "Update a Conference Recording" or, of a call, "Update a Recording": fields `Status` and `PauseBehavior`. */
export function updateRecording(
  context: RestContext,
  recording: Recording,
  fields: URLSearchParams,
): Planned {
  const { world, settings } = context;
  const ofConference = recording.conference !== null;
  const refuse = (text: string): Reply => (ofConference ? errorTexts(text) : invalid(text));
  const asked = fields.get("Status");
  const behavior = fields.get("PauseBehavior");
  if (asked !== "paused" && asked !== "in-progress" && asked !== "stopped") {
    return always(refuse("Status must be one of paused, in-progress, stopped"));
  }
  if (behavior !== null && behavior !== "skip" && behavior !== "silence") {
    return always(refuse("PauseBehavior must be one of skip, silence"));
  }

  const shown = (status: string): Reply => json(200, { ...asJson(context, recording), status });
  const transition = (answer: Settings["over"]): Reply => {
    switch (answer) {
      case "ok":
        return shown(recording.status);
      case "400":
        return errorReply(400, 21220, "The recording is not in a state for that");
      case "404":
        return notFound();
      case "422":
        return refuse("The recording is not in a state for that");
    }
  };
  const run = (): Reply => {
    if (!world.recordings.has(recording.sid)) return notFound();
    if (recording.stuck) return shown(recording.status);
    if (isOver(recording)) return transition(settings().over);
    if (hasNothingToDo(recording, asked, behavior)) return transition(settings().repeated);
    const status = wordFor(asked, settings());
    world.change(recording, { status, by: "request", ...(behavior !== null && { pauseBehavior: behavior }) });
    return shown(recording.status);
  };
  const claimed = () => wordFor(asked, settings());
  return { run, pretend: (claims) => shown(claims === "asked" ? claimed() : recording.status) };
}

type Asked = "paused" | "in-progress" | "stopped";

/** A queued recording cannot be resumed: it has not begun. Another pause behaviour is something to do. */
function hasNothingToDo(recording: Recording, asked: Asked, behavior: PauseBehavior | null): boolean {
  if (asked === "in-progress") return isRunning(recording) || recording.status === "queued";
  const sameBehavior = behavior === null || behavior === recording.pauseBehavior;
  return asked === "paused" && recording.status === "paused" && sameBehavior;
}

function wordFor(asked: Asked, { afterResume, afterStop }: Settings): string {
  if (asked === "in-progress") return afterResume;
  return asked === "stopped" ? afterStop : "paused";
}

/** As the operations on that recording's conference, or on its call, show it. */
export const asJson = ({ project, settings, now }: RestContext, recording: Recording) =>
  recordingJson(recording, {
    project,
    under: recording.conference === null ? "account" : "conference",
    now: now(),
    shape: settings().recordingShape,
  });
