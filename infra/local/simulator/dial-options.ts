import { callbackTarget } from "./callback-target.ts";
import type { Verb } from "./cxml.ts";
import type { CallbackTarget, ConferenceOptions } from "./resources.ts";

type Attributes = Verb["attributes"];

/** What `<Conference>` says of the conference; only the first participant's is heard. */
export const conferenceOptions = (attributes: Attributes): ConferenceOptions => ({
  recorded: attributes.record === "record-from-start" || attributes.record === "true",
  trim: attributes.trim ?? "trim-silence",
  statusCallback: callbackTarget({
    url: attributes.statusCallback,
    method: attributes.statusCallbackMethod,
    events: attributes.statusCallbackEvent ?? "",
  }),
  recordingCallback: recordingCallback(attributes, "completed failed"),
});

/** What `<Conference>` says of the one who comes in. */
export const participantOptions = (attributes: Attributes) => ({
  startOnEnter: attributes.startConferenceOnEnter !== "false",
  endOnExit: attributes.endConferenceOnExit === "true",
});

/** How `<Dial>` has the call itself recorded; undefined where it has not. */
export function dialRecording(attributes: Attributes) {
  const { record = "", trim } = attributes;
  if (!record.startsWith("record-from-")) return undefined;
  const channels: "1" | "2" = record.endsWith("-dual") ? "2" : "1";
  const callback = recordingCallback(attributes, "completed");
  return { source: "DialVerb", channels, callback, ...(trim !== undefined && { trim }) };
}

const recordingCallback = (attributes: Attributes, events: string): CallbackTarget | undefined =>
  callbackTarget({
    url: attributes.recordingStatusCallback,
    method: attributes.recordingStatusCallbackMethod,
    events: attributes.recordingStatusCallbackEvent ?? events,
  });
