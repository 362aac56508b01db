import type { Delivery } from "../simulator/callbacks.ts";
import type { CallView } from "../simulator/phones.ts";
import type { LoggedRequest } from "../simulator/request-log.ts";
import type { ConferenceView, Ledger, RecordingView } from "./sources.ts";

/** One line of the timeline; `at`: milliseconds since 1970. */
export type Happening = {
  readonly at: number;
  readonly who: "agent" | "caller" | "voice" | "webhook" | "request" | "recording" | "ledger" | "demo";
  readonly what: string;
  /** How it is to be taken. */
  readonly tone?: "good" | "bad" | "quiet";
};

/** What a call did and heard. The keys are told by whoever presses them. */
export const ofCall = (
  who: "agent" | "caller",
  { transcript }: Pick<CallView, "transcript">,
): readonly Happening[] =>
  transcript.flatMap((step): readonly Happening[] => {
    const { at } = step;
    switch (step.did) {
      case "asked":
        return [
          {
            at,
            who: "webhook",
            what: `${pathOf(step.url)} → ${step.status} in ${step.tookMs} ms`,
            tone: "quiet",
          },
        ];
      case "heard":
        return [{ at, who: "voice", what: `to the ${who}: “${step.text}”` }];
      case "joined":
        return [{ at, who, what: `enters the room ${step.room}` }];
      case "left":
        return [{ at, who, what: "leaves the room" }];
      case "failed":
        return [{ at, who, what: `is cut off: ${step.why}`, tone: "bad" }];
      case "ended":
        return [{ at, who, what: "is off the line" }];
      case "pressed":
        return [];
      default:
        return step satisfies never;
    }
  });

export const ofCallbacks = (deliveries: readonly Delivery[]): readonly Happening[] =>
  deliveries.map(({ at, url, params, attempts }) => {
    const event = params.StatusCallbackEvent ?? `recording ${params.RecordingStatus}`;
    return { at, who: "webhook", what: `${pathOf(url)} (${event}) → ${attempts.join(", ")}`, tone: "quiet" };
  });

/** What Holdfast asked SignalWire to do. */
export const ofRequests = (
  requests: readonly LoggedRequest[],
  conference: ConferenceView,
): readonly Happening[] =>
  requests
    .filter(({ method, path }) => method === "POST" && path.includes(conference.conference))
    .map(({ at, path, form, status }) => {
      const number = conference.recordings.findIndex(({ recording }) => path.includes(recording)) + 1;
      const what =
        number > 0 ? `recording ${number}: ${form.Status}` : `conference: ${Object.keys(form).join(", ")}`;
      return { at, who: "request", what: `${what} → ${status ?? "no answer"}` };
    });

export const ofRecording = ({ history }: RecordingView, number: number): readonly Happening[] =>
  history.map(({ at, status, by }) => ({
    at: Date.parse(at ?? ""),
    who: "recording",
    what: `recording ${number} is ${status}${by === "control" ? ", by itself" : ""}`,
    ...(status === "paused" ? { tone: "good" } : {}),
  }));

export const ofLedger = ({ entries }: Ledger): readonly Happening[] =>
  entries.map(({ at, position, facts }) => ({
    at: Date.parse(at),
    who: "ledger",
    what: `${position}: ${facts.map(({ type, exposureMs }) => (exposureMs === undefined ? type : `${type} after ${exposureMs} ms`)).join(", ")}`,
  }));

const pathOf = (url: string): string => `POST ${new URL(url).pathname}`;
