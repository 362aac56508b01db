import type { Ports } from "./ports.ts";
import type { Fact, SentRequest } from "./recording/facts.ts";

/** What a run has put on the wire and no entry tells of yet. Grows while requests leave, shrinks as entries are written. */
export type Unwritten = SentRequest[];

/** `ports`, whose every request to change a recording is noted at the time at which it leaves this process. */
export function notingSent(ports: Ports): { readonly ports: Ports; readonly sent: Unwritten } {
  const { signalwire, now } = ports;
  const sent: Unwritten = [];
  const update: typeof signalwire.update = (ref, recording, options) =>
    signalwire.update(ref, recording, {
      ...options,
      onSent: () => {
        const { sid, call } = recording;
        sent.push({ recording: sid, ...(call === undefined ? {} : { call }), to: options.to, at: now() });
      },
    });
  return { ports: { ...ports, signalwire: { ...signalwire, update } }, sent };
}

/**
 * `facts` with what was sent, behind what was decided and before what was seen. No entry, and no race for a position, comes of
 * it: where there is nothing to write it waits.
 */
export function withSent(facts: readonly Fact[], sent: readonly SentRequest[]): readonly Fact[] {
  if (facts.length === 0 || sent.length === 0) return facts;
  const seen = facts.findIndex(({ type }) => type === "recordings-seen" || type === "resume-ended");
  return facts.toSpliced(seen < 0 ? facts.length : seen, 0, { type: "requests-sent", requests: sent });
}
