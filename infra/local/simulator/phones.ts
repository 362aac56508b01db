import { accountParams } from "./callback-params.ts";
import { ControlError } from "./control.ts";
import { parseCxml } from "./cxml.ts";
import type { Key } from "./keypad.ts";
import { PhoneCall, type PhonePorts } from "./phone-call.ts";
import type { Step } from "./transcript.ts";
import { sendWebhook } from "./webhook.ts";
import type { WorldEvent } from "./world-event.ts";

export type CallView = {
  readonly call: string;
  /** `going-on`: a document is being fetched. */
  readonly state: PhoneCall["state"];
  /** ConferenceSid, while the call is in one. */
  readonly conference: string | null;
  readonly transcript: readonly Step[];
  /** What was said and played, in order. */
  readonly heard: readonly string[];
  /** Attributes that SignalWire does not know. */
  readonly warnings: readonly string[];
};

export type CallOptions = {
  /** Of the first document. */
  readonly url: string;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly keys?: readonly Key[] | undefined;
};

/** All calls that follow documents. */
export class Phones {
  readonly #ports: PhonePorts;
  readonly #calls = new Map<string, PhoneCall>();
  readonly #announcing = new Set<Promise<void>>();

  constructor(ports: PhonePorts) {
    this.#ports = ports;
    ports.world.listen((event) => this.#happened(event));
  }

  /** Rings, and plays documents until only another key, or the others in the conference, can move the call. */
  async place({ url, from, to, keys = [] }: CallOptions): Promise<CallView> {
    const call = this.#ports.world.addCall({
      afterConference: "goes-on",
      ...(from !== undefined && { from }),
      ...(to !== undefined && { to }),
    });
    const phone = new PhoneCall(this.#ports, call);
    this.#calls.set(call.sid, phone);
    phone.press(keys);
    void phone.start(url);
    await phone.idle();
    return viewOf(phone);
  }

  /** @throws ControlError 404 for a call that follows no documents */
  async press(sid: string, keys: readonly Key[]): Promise<CallView> {
    const phone = this.#named(sid);
    phone.press(keys);
    await phone.idle();
    return viewOf(phone);
  }

  /** As it stands when nothing moves any more. @throws ControlError 404 */
  async view(sid: string): Promise<CallView> {
    const phone = this.#named(sid);
    await phone.idle();
    return viewOf(phone);
  }

  /** Fulfilled when no announcement is under way. */
  async settled(): Promise<void> {
    while (this.#announcing.size > 0) await Promise.all(this.#announcing);
  }

  /** Hangs all up. */
  clear(): void {
    for (const phone of this.#calls.values()) phone.press(["hangup"]);
    this.#calls.clear();
  }

  #named(sid: string): PhoneCall {
    const phone = this.#calls.get(sid);
    if (phone === undefined) throw new ControlError(404, "no such call");
    return phone;
  }

  #happened(event: WorldEvent): void {
    if (event.type === "participant-leave") {
      this.#calls.get(event.participant.call)?.released(event.conference);
    }
    if (event.type === "announcement") {
      const done = this.#announce(event)
        .catch(() => undefined) // nothing is heard then
        .finally(() => this.#announcing.delete(done));
      this.#announcing.add(done);
    }
  }

  /** Asks for the announcement once, and lets everybody in the conference hear it. */
  async #announce({
    conference,
    announcement,
    method,
  }: Extract<WorldEvent, { type: "announcement" }>): Promise<void> {
    const { project, settings, signingKey } = this.#ports;
    const params = [...accountParams(project), ["ConferenceSid", conference.sid] as const];
    const webhook = { url: announcement.url, method, params };
    const answer = await sendWebhook(webhook, signingKey(), settings());
    announcement.status = answer.status;
    const verbs = answer.status === 200 ? parseCxml(answer.contentType, answer.body) : [];
    const isAllowed = verbs.every(({ name }) => ["Say", "Play", "Pause"].includes(name));
    const texts = isAllowed ? verbs.filter(({ name }) => name !== "Pause").map(({ text }) => text) : [];
    announcement.said.push(...texts);
    for (const phone of this.#calls.values()) {
      if (phone.conference === conference) for (const text of texts) phone.hears(text);
    }
  }
}

const viewOf = (phone: PhoneCall): CallView => ({
  call: phone.call.sid,
  state: phone.state,
  conference: phone.conference?.sid ?? null,
  transcript: phone.transcript,
  heard: phone.transcript.flatMap((step) => (step.did === "heard" ? [step.text] : [])),
  warnings: phone.warnings,
});
