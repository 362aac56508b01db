import type { PauseBehavior } from "./command.ts";

export type HoldLimit = { readonly seconds: number; readonly then: "release" | "alarm" };

/** What the owner decides (`HOLDFAST_POLICY`); the part of it that the rules need. */
export type RecordingPolicy = {
  readonly pauseBehavior: PauseBehavior;
  /** By reason; `default` applies to every other reason. */
  readonly limits: { readonly default: HoldLimit; readonly [reason: string]: HoldLimit };
  readonly unconfirmed: "alarm" | "stop";
  readonly callRecordings: boolean;
};
