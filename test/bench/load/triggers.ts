import { randomUUID } from "node:crypto";
import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { type Percentiles, percentilesOf } from "../statistics.ts";
import type { Conference, Reply, StackInUse, Verb } from "./stack.ts";

/** One trigger that was sent, and what was answered. */
export type Sent = {
  readonly kind: "signal" | "digit";
  readonly conference: string;
  /** The delivery's id of a signal, the calling leg of a digit. */
  readonly id: string;
  readonly verb: Verb;
  readonly hold: string;
  /** By the sender's clock. */
  readonly at: number;
  readonly ms: number;
  readonly reply: Reply;
};

/** Its answer promises that it is in the ledger. */
export const isAccepted = ({ kind, reply: { status, body } }: Sent): boolean =>
  kind === "signal" ? [200, 202, 409].includes(status) : status === 200 && !body.includes("could not be");
/** It was answered within the time and not by an error. */
export const isAnswered = ({ reply }: Sent): boolean => reply.status >= 200 && reply.status < 500;

/** Keys and signals in any order over many conferences: three of five are signals, on three holds each. */
export class Triggers {
  readonly #stack: StackInUse;
  readonly #conferences: readonly Conference[];
  readonly #calls: ReadonlyMap<string, readonly string[]>;
  readonly #last = new Map<string, { readonly verb: Verb; readonly at: number }>();
  #count = 0;

  constructor(stack: StackInUse, conferences: readonly Conference[]) {
    this.#stack = stack;
    this.#conferences = conferences;
    this.#calls = new Map(
      conferences.map(({ conference }) => [conference, [randomUUID(), randomUUID()]] as const),
    );
  }

  async send(): Promise<Sent> {
    const number = this.#count;
    this.#count += 1;
    const { conference = "" } = pick(this.#conferences, number * 7_919) ?? {};
    const isSignal = number % 5 < 3;
    const hold = isSignal
      ? `hold-${(number * 31) % 3}`
      : (pick(this.#calls.get(conference) ?? [], number * 17) ?? "");
    const { verb, at } = this.#next(`${conference} ${hold}`, number);
    const id = isSignal ? `msg_${randomUUID()}` : hold;
    const startedAt = performance.now();
    const reply = isSignal
      ? await this.#stack.signal(id, verb, conference, hold, at)
      : await this.#stack.press(verb, conference, hold);
    const ms = performance.now() - startedAt;
    return { kind: isSignal ? "signal" : "digit", conference, id, verb, hold, at, ms, reply };
  }

  /** Mostly a pause after a resume and the other way round; two operations of a hold never have the same time. */
  #next(key: string, number: number): { verb: Verb; at: number } {
    const last = this.#last.get(key);
    const isOther = number % 10 < 8;
    const verb: Verb = last === undefined || (last.verb === "resume") === isOther ? "pause" : "resume";
    const next = { verb, at: Math.max(Date.now(), (last?.at ?? 0) + 1) };
    this.#last.set(key, next);
    return next;
  }
}

const pick = <Item>(items: readonly Item[], number: number): Item | undefined => items[number % items.length];

export type Volley = {
  readonly ratePerSecond: number;
  readonly seconds: number;
  readonly sent: readonly Sent[];
  /** Due, but not sent because too many were waiting for an answer. */
  readonly heldBack: number;
};

/** So that an overloaded machine is not buried. */
const MAX_IN_FLIGHT = 400;

/** At an even rate, whether the answers come or not. Resolves when every answer is there. */
export async function fire(
  triggers: Triggers,
  { ratePerSecond, seconds }: { readonly ratePerSecond: number; readonly seconds: number },
): Promise<Volley> {
  const sent: Sent[] = [];
  const waiting = new Set<Promise<void>>();
  let [due, heldBack] = [0, 0];
  const startedAt = performance.now();
  for (;;) {
    const elapsed = performance.now() - startedAt;
    if (elapsed >= seconds * 1_000) break;
    for (; due < (elapsed * ratePerSecond) / 1_000; due += 1) {
      if (waiting.size >= MAX_IN_FLIGHT) {
        heldBack += 1;
        continue;
      }
      const one = triggers.send().then((done) => {
        sent.push(done);
        waiting.delete(one);
      });
      waiting.add(one);
    }
    await sleep(5);
  }
  await Promise.all(waiting);
  return { ratePerSecond, seconds, sent, heldBack };
}

/** All at the same time. */
export async function fireAtOnce(triggers: Triggers, count: number): Promise<readonly Sent[]> {
  return Promise.all(Array.from({ length: count }, () => triggers.send()));
}

export const latencies = (sent: readonly Sent[]): Percentiles => percentilesOf(sent.map(({ ms }) => ms));
