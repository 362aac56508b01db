import * as z from "zod/mini";

const milliseconds = z.int().check(z.gte(0), z.lte(600_000));
const pattern = z.string().check(z.refine(isPattern, "is not a regular expression"));
const optionalFlag = z.optional(z.boolean());

const common = {
  /** How many requests it meets before it is over; left out: all. */
  times: z.optional(z.int().check(z.gte(1))),
  /** 0 to 1; left out: 1. */
  probability: z.optional(z.number().check(z.gte(0), z.lte(1))),
  /** All that is given has to fit: regular expressions on method and path with query, and the `Status` asked for. */
  match: z.optional(
    z.strictObject({
      method: z.optional(pattern),
      path: z.optional(pattern),
      status: z.optional(z.string()),
    }),
  ),
};
/** `applied`: what was asked for is done all the same. */
const applied = { applied: optionalFlag };

/** One way of going wrong; see control-api.ts for what each does. */
export const misbehaviourSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("slow"),
    ms: milliseconds,
    when: z.optional(z.enum(["before", "after"])),
    ...common,
  }),
  z.strictObject({ kind: z.literal("new-recording"), status: z.optional(z.string()), ...common }),
  z.strictObject({
    kind: z.literal("503"),
    body: z.optional(z.enum(["object", "empty"])),
    ...applied,
    ...common,
  }),
  z.strictObject({ kind: z.literal("500"), ...applied, ...common }),
  z.strictObject({ kind: z.literal("html502"), ...applied, ...common }),
  z.strictObject({
    kind: z.literal("429"),
    retryAfter: z.optional(z.union([z.number(), z.string()])),
    ...common,
  }),
  z.strictObject({ kind: z.literal("400"), code: z.optional(z.int()), ...common }),
  z.strictObject({ kind: z.literal("401"), ...common }),
  z.strictObject({ kind: z.literal("403"), ...common }),
  z.strictObject({ kind: z.literal("404"), ...common }),
  z.strictObject({ kind: z.literal("422"), ...common }),
  z.strictObject({ kind: z.literal("garbage"), ...applied, ...common }),
  z.strictObject({ kind: z.literal("reset"), ...applied, ...common }),
  z.strictObject({ kind: z.literal("drop"), ...applied, ...common }),
  z.strictObject({
    kind: z.literal("lying"),
    claims: z.optional(z.enum(["asked", "unchanged"])),
    ...common,
  }),
  z.strictObject({
    kind: z.literal("late"),
    ms: milliseconds,
    answer: z.optional(z.enum(["asked", "unchanged", "none"])),
    ...common,
  }),
]);

export type Misbehaviour = z.output<typeof misbehaviourSchema>;

export type ActiveMisbehaviour = {
  readonly id: number;
  /** null: without end. */
  readonly timesLeft: number | null;
  readonly misbehaviour: Misbehaviour;
};
type Active = { readonly id: number; readonly misbehaviour: Misbehaviour; left: number };
type Candidate = {
  readonly method: string;
  readonly path: string;
  readonly status: string | null;
  readonly isUpdate: boolean;
};
/** What one request meets: all that only add something, and the first of those that decide the answer. */
export type Met = { readonly adding: readonly Adding[]; readonly deciding: Deciding | undefined };
export type Adding = Extract<Misbehaviour, { kind: "slow" | "new-recording" }>;
export type Deciding = Exclude<Misbehaviour, Adding>;

/** The misbehaviours in force, in the order of their setting. */
export class Misbehaviours {
  readonly #random: () => number;
  #active: readonly Active[] = [];
  #added = 0;

  /** @param random 0 to 1 */
  constructor(random: () => number) {
    this.#random = random;
  }

  add(misbehaviour: Misbehaviour): number {
    this.#added += 1;
    const left = misbehaviour.times ?? Number.POSITIVE_INFINITY;
    this.#active = [...this.#active, { id: this.#added, misbehaviour, left }];
    return this.#added;
  }

  all(): readonly ActiveMisbehaviour[] {
    return this.#active.map(({ id, misbehaviour, left }) => ({
      id,
      timesLeft: Number.isFinite(left) ? left : null,
      misbehaviour,
    }));
  }

  clear(): void {
    this.#active = [];
  }

  /** What `request` meets; each of that has one time less left. */
  meet(request: Candidate): Met {
    const adding: Adding[] = [];
    let deciding: Deciding | undefined;
    for (const active of this.#active) {
      const { misbehaviour } = active;
      const adds = isAdding(misbehaviour);
      if (!adds && deciding !== undefined) continue;
      if (!fits(misbehaviour, request) || this.#random() >= (misbehaviour.probability ?? 1)) continue;
      active.left -= 1;
      if (adds) adding.push(misbehaviour);
      else deciding = misbehaviour;
    }
    this.#active = this.#active.filter(({ left }) => left > 0);
    return { adding, deciding };
  }
}

const isAdding = (one: Misbehaviour): one is Adding => one.kind === "slow" || one.kind === "new-recording";

function fits({ kind, match = {} }: Misbehaviour, request: Candidate): boolean {
  const isForUpdates = kind === "lying" || kind === "late";
  return (
    (request.isUpdate || !isForUpdates) &&
    (match.method === undefined || new RegExp(match.method, "i").test(request.method)) &&
    (match.path === undefined || new RegExp(match.path).test(request.path)) &&
    (match.status === undefined || match.status === request.status)
  );
}

function isPattern(text: string): boolean {
  try {
    return new RegExp(text) !== undefined;
  } catch {
    return false;
  }
}
