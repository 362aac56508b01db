import type { DigitVerb, Policy } from "../config/policy.ts";
import type { Outcome } from "../recording/outcome.ts";
import { type Cxml, element } from "./cxml.ts";

/** What is said on the phone, by name; `texts` of the policy replaces any of them. `menu` is made of the policy's digits. */
export const spokenTexts = {
  paused: "The recording is paused.",
  "not-paused": "The recording could not be paused. Do not take card details now.",
  resumed: "The recording is running again.",
  "still-paused": "The recording stays paused for another reason.",
  "not-resumed": "The recording could not be resumed yet.",
  stopped: "The recording is stopped.",
  "not-stopped": "The recording could not be stopped yet.",
  nothing: "Nothing was changed.",
  "announce-paused": "The recording is paused.",
  "announce-resumed": "The recording is running again.",
} as const;

export type SpokenText = keyof typeof spokenTexts | "menu";

export function say(policy: Policy, name: SpokenText): Cxml {
  const own = Object.hasOwn(policy.texts, name) ? policy.texts[name] : undefined;
  const text = own ?? (name === "menu" ? menuText(policy.digits) : spokenTexts[name]);
  const { language, voice } = policy;
  return element("Say", { language, voice: voice ?? undefined }, text);
}

const keyNames: { readonly [key: string]: string } = { "*": "star", "#": "pound" };
const order: readonly DigitVerb[] = ["pause", "resume", "stop"];

/** "Press 1 to pause the recording, 2 to resume it." */
function menuText(digits: Policy["digits"]): string {
  const choices = order.flatMap((verb) =>
    Object.keys(digits)
      .filter((digit) => digits[digit] === verb)
      .map((digit) => ({ key: keyNames[digit] ?? digit, verb })),
  );
  const texts = choices.map(
    ({ key, verb }, index) => `${key} to ${verb} ${index === 0 ? "the recording" : "it"}`,
  );
  return texts.length === 0 ? "" : `Press ${texts.join(", ")}.`;
}

/** What is now true, as far as it is known; undefined: no outcome in time. */
export function spokenOf(verb: DigitVerb, outcome: Outcome | undefined): SpokenText {
  const answer = outcome !== undefined && "answer" in outcome ? outcome.answer : undefined;
  const isDone = outcome?.kind === "done";
  switch (verb) {
    case "pause":
      return isDone && answer?.safeToCollect ? "paused" : "not-paused";
    case "resume":
      if (answer?.wanted === "paused") return "still-paused";
      return isDone && answer?.wanted === "in-progress" ? "resumed" : "not-resumed";
    case "stop":
      return isDone && answer?.wanted === "stopped" ? "stopped" : "not-stopped";
    default:
      return verb satisfies never;
  }
}
