import type { CheckQueue, Directory, Ledger } from "./ledger/ledger.ts";
import type { AlarmName } from "./recording/alarm.ts";
import type { Cause } from "./recording/command.ts";
import type { Millis, ProjectId } from "./recording/ids.ts";
import type { Measure } from "./recording/measure.ts";
import type { RecordingPolicy } from "./recording/policy.ts";
import type { Unwritten } from "./sent-requests.ts";
import type { SignalWire } from "./signalwire/signalwire.ts";

/** Everything outside that the joining files touch; each is an argument, so that a test decides what it does. */
export type Ports = {
  readonly ledger: Ledger;
  readonly directory: Directory;
  readonly checks: CheckQueue;
  readonly signalwire: SignalWire;
  readonly policy: RecordingPolicy;
  now(): Millis;
  sleep(ms: Millis): Promise<void>;
  /** Unique, for tickets and chains of checks. */
  newId(): string;
  /** At least 0, less than 1. */
  random(): number;
  /** Rejects where the project's credentials cannot be had: then no trigger is accepted. */
  ready(project: ProjectId): Promise<unknown>;
  alarm(name: AlarmName): void;
  measure(measure: Measure): void;
};

/** On whose behalf, and how long. */
export type Run = {
  readonly cause: Cause;
  /** Nothing is begun after this. */
  readonly deadline: Millis;
  /** What it has put on the wire and no entry tells of yet. */
  readonly sent: Unwritten;
};
