import { conferenceBody, pageOf, participantBody, problemBody, recordingBody } from "./resources.ts";
import type { Recording, World } from "./world.ts";

export type Answer = readonly [status: number, body: object];
export type RestRequest = {
  readonly method: string;
  /** Without the query and without a `.json`. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly form: URLSearchParams;
};
/** How an update takes effect: at once, or as a misbehaviour wants it. */
export type Apply = (recording: Recording, status: string) => void;

const unknown: Answer = [404, problemBody(404, 20404, "The requested resource was not found.")];
const statuses = ["paused", "in-progress", "stopped"];

/** SignalWire's compatibility API below `base`, for `account`. */
export function answerRest(
  world: World,
  base: string,
  account: string,
  request: RestRequest,
  apply: Apply,
): Answer {
  const parts = request.path.slice(base.length).split("/").filter(Boolean);
  const [collection, id = "", inner, innerId] = parts;
  const recordings = [...world.recordings.values()];
  const recordingOf = (sid: string | undefined, owner: (one: Recording) => boolean) =>
    recordings.find((one) => one.sid === sid && owner(one));
  const listed = (key: string, items: readonly object[]): Answer => [
    200,
    pageOf(key, items, request.path, request.query),
  ];
  const bodyOf = (recording: Recording) => recordingBody(base, account, recording);

  if (collection === "Recordings" && request.method === "GET") {
    const call = request.query.get("CallSid");
    const conference = request.query.get("ConferenceSid");
    const fits = (one: Recording) =>
      (call === null || one.call === call) && (conference === null || one.conference === conference);
    return listed("recordings", recordings.filter(fits).map(bodyOf));
  }
  if (collection === "Calls" && inner === "Recordings") {
    const found = recordingOf(innerId, (one) => one.call === id);
    return found === undefined ? unknown : recordingAnswer(world, request, found, bodyOf, apply);
  }
  if (collection !== "Conferences") return unknown;
  if (id === "") {
    const room = request.query.get("FriendlyName");
    const status = request.query.get("Status");
    const fitting = [...world.conferences.values()].filter(
      (one) => (room === null || one.room === room) && (status === null || one.status === status),
    );
    return listed(
      "conferences",
      fitting.map((one) => conferenceBody(base, account, one)),
    );
  }
  const conference = world.conferences.get(id);
  if (conference === undefined) return unknown;
  if (inner === undefined) {
    if (request.method === "POST" && request.form.get("Status") === "completed")
      world.endConference(conference);
    return [200, conferenceBody(base, account, conference)];
  }
  if (inner === "Participants") {
    const present = conference.status === "completed" ? [] : conference.participants;
    if (innerId === undefined) {
      return listed(
        "participants",
        present.map((call) => participantBody(base, account, conference, call)),
      );
    }
    return present.includes(innerId) ? [200, participantBody(base, account, conference, innerId)] : unknown;
  }
  if (inner !== "Recordings") return unknown;
  const own = (one: Recording) => one.conference === id;
  if (innerId === undefined) return listed("recordings", recordings.filter(own).map(bodyOf));
  const found = recordingOf(innerId, own);
  return found === undefined ? unknown : recordingAnswer(world, request, found, bodyOf, apply);
}

function recordingAnswer(
  world: World,
  { method, form }: RestRequest,
  recording: Recording,
  bodyOf: (recording: Recording) => object,
  apply: Apply,
): Answer {
  if (method !== "POST") return [200, bodyOf(recording)];
  const status = form.get("Status") ?? "";
  const behavior = form.get("PauseBehavior");
  if (!statuses.includes(status) || (behavior !== null && !["skip", "silence"].includes(behavior))) {
    const text = "Status or PauseBehavior is not one of the documented values.";
    return [422, recording.call === undefined ? { errors: [text] } : problemBody(422, 10000, text)];
  }
  if (world.isOver(recording)) {
    return [400, problemBody(400, 21220, "Requested resource is not eligible for recording.")];
  }
  apply(recording, status);
  return [200, { ...bodyOf(recording), status }];
}
