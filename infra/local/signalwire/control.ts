import { isMisbehaviour } from "./misbehaviour.ts";
import type { Answer } from "./rest.ts";
import type { SimulatorState } from "./simulator.ts";
import { sendWebhook } from "./webhooks.ts";

/**
 * The simulator's own API, JSON in and out, below `/_simulator`:
 *
 * - `GET /` everything there is: conferences, recordings, misbehaviours.
 * - `POST /conferences` `{room, recordings?, participants?, callRecordings?}` → `{conference, recordings, participants}`.
 * - `POST /conferences/{sid}/recordings` one more recording, in mid-call. `POST /conferences/{sid}/end` ends it.
 * - `POST /recordings/{sid}` `{status}`: it changes by itself.
 * - `GET /requests` the REST requests that came in, `DELETE /requests` forgets them.
 * - `POST /misbehaviours` `{kind, times?, ms?, retryAfter?, applied?, method?, pathContains?, status?}`, `DELETE /misbehaviours`;
 *   misbehaviour.ts says what each kind does.
 * - `POST /credentials` `{apiToken?, signingKey?}`: rotated; the old ones are good no longer.
 * - `POST /webhooks` `{url, form}`: sends a signed form → `{status, body}` as answered.
 */
export async function answerControl(
  state: SimulatorState,
  method: string,
  path: string,
  body: string,
): Promise<Answer> {
  const { world, misbehaviours, credentials, requests } = state;
  const [, , collection = "", sid = "", inner = ""] = path.split("/");
  const input = parsed(body);
  if (input === undefined) return [400, { error: "the body is not JSON" }];
  switch (`${method} ${collection}${sid === "" ? "" : "/*"}${inner === "" ? "" : `/${inner}`}`) {
    case "GET ":
      return [
        200,
        {
          conferences: [...world.conferences.values()],
          recordings: [...world.recordings.values()],
          misbehaviours: misbehaviours.all,
        },
      ];
    case "POST conferences": {
      const { room = "support", ...more } = input as { room?: string };
      return [201, world.addConference({ room, ...more })];
    }
    case "POST conferences/*/recordings":
      return world.conferences.has(sid) ? [201, world.startRecording(sid)] : unknown;
    case "POST conferences/*/end": {
      const conference = world.conferences.get(sid);
      if (conference === undefined) return unknown;
      world.endConference(conference);
      return [200, conference];
    }
    case "POST recordings/*": {
      const recording = world.recordings.get(sid);
      if (recording === undefined) return unknown;
      world.change(recording, String((input as { status?: string }).status));
      return [200, recording];
    }
    case "GET requests":
      return [200, requests];
    case "DELETE requests":
      requests.length = 0;
      return [200, {}];
    case "POST misbehaviours":
      if (!isMisbehaviour(input)) return [400, { error: "kind is not one of those there are" }];
      misbehaviours.add(input);
      return [201, input];
    case "DELETE misbehaviours":
      misbehaviours.clear();
      return [200, {}];
    case "POST credentials": {
      const { apiToken, signingKey } = input as { apiToken?: string; signingKey?: string };
      if (apiToken !== undefined) credentials.apiToken = apiToken;
      if (signingKey !== undefined) credentials.signingKey = signingKey;
      return [200, {}];
    }
    case "POST webhooks": {
      const { url, form } = input as { url: string; form: Record<string, string> };
      if (!isLoopback(url)) return [400, { error: "url: webhooks go to http://127.0.0.1 only" }];
      return [200, await sendWebhook(credentials.signingKey, url, form)];
    }
    default:
      return unknown;
  }
}

const unknown: Answer = [404, { error: "there is nothing here" }];

function parsed(body: string): object | undefined {
  try {
    const value: unknown = body === "" ? {} : JSON.parse(body);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

const isLoopback = (url: string): boolean => URL.canParse(url) && new URL(url).hostname === "127.0.0.1";
