import type { Verb } from "./cxml.ts";

const callback = (name: string): readonly string[] => [name, `${name}Event`, `${name}Method`];

/** Attributes that SignalWire's reference has for the verbs that are played here. */
const attributes: { readonly [verb: string]: readonly string[] } = {
  Say: ["voice", "language", "loop"],
  Play: ["loop", "digits"],
  Pause: ["length"],
  Hangup: [],
  Reject: ["reason"],
  Redirect: ["method"],
  Gather: [
    ...["action", "method", "numDigits", "finishOnKey", "timeout", "input", "actionOnEmptyResult"],
    ...["language", "hints", "profanityFilter", "speechTimeout", "speechEngine"],
  ],
  Dial: [
    ...["action", "method", "hangupOnStar", "timeLimit", "timeout", "callerId", "answerOnBridge", "ringTone"],
    ...["record", "trim", ...callback("recordingStatusCallback")],
  ],
  Conference: [
    ...[
      "startConferenceOnEnter",
      "endConferenceOnExit",
      "beep",
      "muted",
      "coach",
      "maxParticipants",
      "region",
    ],
    ...["waitUrl", "waitMethod", "jitterBuffer", "participantLabel"],
    ...["record", "trim", ...callback("statusCallback"), ...callback("recordingStatusCallback")],
  ],
};

/** Attributes of a verb and of all within it that the reference does not have; SignalWire passes over them. */
export function unknownAttributes(verb: Verb): readonly string[] {
  const known = attributes[verb.name];
  const own = Object.keys(verb.attributes).filter((name) => known !== undefined && !known.includes(name));
  return [...own.map((name) => `${verb.name} has no ${name}`), ...verb.children.flatMap(unknownAttributes)];
}
