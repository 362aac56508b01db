// The other end of our webhooks: a call that goes where the documents send it, as SignalWire's cXML interpreter would.
import { callParams } from "./callback-params.ts";
import { parseCxml, type Verb } from "./cxml.ts";
import { unknownAttributes } from "./cxml-attributes.ts";
import { conferenceOptions, dialRecording, participantOptions } from "./dial-options.ts";
import { type Key, Keypad } from "./keypad.ts";
import type { Call, Conference } from "./resources.ts";
import type { Settings } from "./settings.ts";
import type { Params } from "./signature.ts";
import type { Happening, Step } from "./transcript.ts";
import { sendWebhook } from "./webhook.ts";
import type { World } from "./world.ts";

export type PhonePorts = {
  readonly project: string;
  readonly world: World;
  readonly settings: () => Settings;
  readonly signingKey: () => string;
  readonly now: () => number;
};

/** Where a call goes on; `more` are parameters beside the standard ones. */
type GoTo = { readonly url: string; readonly method: "GET" | "POST"; readonly more: Params };

/** More documents than any call has: something goes round in circles. */
const maxDocuments = 200;

export class PhoneCall {
  readonly call: Call;
  readonly transcript: Step[] = [];
  readonly warnings: string[] = [];
  readonly #ports: PhonePorts;
  readonly #keypad = new Keypad();
  #conference: Conference | undefined;
  #isGathering = false;

  constructor(ports: PhonePorts, call: Call) {
    this.#ports = ports;
    this.call = call;
  }

  get state(): "ended" | "in-conference" | "gathering" | "going-on" {
    if (this.call.status === "completed") return "ended";
    if (this.#conference !== undefined) return "in-conference";
    return this.#isGathering ? "gathering" : "going-on";
  }

  get conference(): Conference | undefined {
    return this.#conference;
  }

  press(keys: readonly Key[]): void {
    this.#keypad.press(keys);
  }

  /** Fulfilled as soon as nothing goes on without another key. */
  idle(): Promise<void> {
    return this.#keypad.idle();
  }

  /** The conference has put the call out, or is over. */
  released(conference: Conference): void {
    if (this.#conference === conference) this.#keypad.interrupt("released");
  }

  hears(text: string): void {
    this.#note({ did: "heard", text });
  }

  #note(happening: Happening, at = this.#ports.now()): void {
    this.transcript.push({ ...happening, at });
  }

  /** Fulfilled when the call is over. Never rejects: what fails ends the call and is in the transcript. */
  async start(url: string): Promise<void> {
    try {
      let next: GoTo | undefined = { url, method: "POST", more: [] };
      for (let documents = 0; next !== undefined; documents += 1) {
        if (documents === maxDocuments) throw new Error("the documents go round in circles");
        next = await this.#play(await this.#fetch(next), next.url);
      }
    } catch (error) {
      this.#note({ did: "failed", why: error instanceof Error ? error.message : String(error) });
    }
    this.#conference = undefined;
    this.#ports.world.hangUp(this.call);
    this.#note({ did: "ended" });
    this.#keypad.done();
  }

  /** Asks for a document once: SignalWire does not repeat what a call waits for. */
  async #fetch({ url, method, more }: GoTo): Promise<readonly Verb[]> {
    const { project, settings, signingKey, now } = this.#ports;
    const params = [...callParams(project, this.call), ...more];
    const askedAt = now();
    const answer = await sendWebhook({ url, method, params }, signingKey(), settings());
    this.#note({ did: "asked", url, status: answer.status, tookMs: now() - askedAt }, askedAt);
    if (answer.status < 200 || answer.status > 299) throw new Error(`an answer of ${answer.status}`);
    const verbs = parseCxml(answer.contentType, answer.body);
    this.warnings.push(...verbs.flatMap(unknownAttributes));
    return verbs;
  }

  /** @returns where the call goes on, undefined where it is over */
  async #play(verbs: readonly Verb[], base: string): Promise<GoTo | undefined> {
    for (const verb of verbs) {
      const next = await this.#perform(verb, base);
      if (next !== undefined) return next === "over" ? undefined : next;
    }
    return undefined;
  }

  async #perform(verb: Verb, base: string): Promise<GoTo | "over" | undefined> {
    switch (verb.name) {
      case "Say":
      case "Play":
        this.hears(verb.text);
        return undefined;
      case "Pause":
        return undefined;
      case "Redirect":
        return goTo(verb.text, verb.attributes.method, base);
      case "Hangup":
      case "Reject":
        return "over";
      case "Gather":
        return this.#gather(verb, base);
      case "Dial":
        return this.#dial(verb, base);
      default:
        throw new Error(`no such verb: ${verb.name}`);
    }
  }

  async #gather({ attributes, children }: Verb, base: string): Promise<GoTo | "over" | undefined> {
    for (const prompt of children) {
      if (!["Say", "Play", "Pause"].includes(prompt.name)) throw new Error(`${prompt.name} within Gather`);
      await this.#perform(prompt, base);
    }
    const { numDigits, finishOnKey = "#", actionOnEmptyResult = "false" } = attributes;
    let digits = "";
    this.#isGathering = true;
    while (digits.length < Number(numDigits ?? Number.POSITIVE_INFINITY)) {
      const key = await this.#keypad.next();
      if (key === "hangup") return "over";
      if (key === "released") continue; // from a conference that the call left at the same moment
      if (key === "timeout" || key === finishOnKey) break;
      digits += key;
    }
    this.#isGathering = false;
    this.#note({ did: "pressed", keys: digits.length });
    if (digits === "" && actionOnEmptyResult !== "true") return undefined;
    return goTo(attributes.action ?? base, attributes.method, base, [["Digits", digits]]);
  }

  async #dial({ attributes, children }: Verb, base: string): Promise<GoTo | "over" | undefined> {
    const [target, ...others] = children;
    if (target?.name !== "Conference" || others.length > 0)
      throw new Error("only a Conference can be dialled");
    const recorded = dialRecording(attributes);
    const recording = recorded && this.#ports.world.record(this.call, recorded);
    const conference = this.#enter(target);
    const how = await this.#stay(conference, attributes.hangupOnStar === "true");
    this.#note({ did: "left", conference: conference.sid, room: conference.room });
    if (recording) this.#ports.world.finish(recording);
    if (how === "hangup") return "over";
    if (attributes.action === undefined) return undefined;
    return goTo(attributes.action, attributes.method, base, [["DialCallStatus", "answered"]]);
  }

  #enter({ text: room, attributes }: Verb): Conference {
    const { world } = this.#ports;
    const conference =
      world.conferenceInRoom(room) ?? world.openConference(room, conferenceOptions(attributes));
    this.#conference = conference;
    this.#note({ did: "joined", conference: conference.sid, room });
    world.join(conference, this.call, participantOptions(attributes));
    return conference;
  }

  /** Keys but the star are only heard by the others. */
  async #stay(conference: Conference, hangupOnStar: boolean): Promise<"star" | "released" | "hangup"> {
    const isOut = () => conference.participants.get(this.call.sid)?.leftAt !== null;
    for (;;) {
      const key = await this.#keypad.next();
      const how =
        key === "hangup" ? key : isOut() ? "released" : key === "*" && hangupOnStar ? "star" : undefined;
      if (how === undefined) continue;
      this.#conference = undefined;
      this.#ports.world.leave(conference, this.call.sid);
      return how;
    }
  }
}

/** An absolute URL is asked for as it is written; any other is looked for beside the document that names it. */
function goTo(url: string, method: string | undefined, base: string, more: Params = []): GoTo {
  const whole = URL.canParse(url) ? url : new URL(url, base).href;
  return { url: whole, method: method === "GET" ? "GET" : "POST", more };
}
