import type { Policy } from "../config/policy.ts";
import type { AlarmName } from "../recording/alarm.ts";
import type { Callback } from "../recording/callback.ts";
import type { Command } from "../recording/command.ts";
import type { CallSid, ConferenceRef, Millis, ProjectId } from "../recording/ids.ts";
import type { Outcome } from "../recording/outcome.ts";
import type { SigningKeys } from "./telephony-proof.ts";

/** What a conference is told of itself. */
export type Announced = "paused" | "resumed";

/** Where the conference's ear is led to. `deadline`: nothing is sent or waited for after it. */
export type Announcement = {
  readonly urlOf: (what: Announced) => string;
  readonly deadline: Millis;
};

export type TelephonyPorts = {
  readonly keys: SigningKeys;
  /** The key of our own URLs. */
  readonly link: () => Promise<string>;
  readonly projects: readonly ProjectId[];
  readonly policy: Policy;
  readonly handleCommand: (command: Command) => Promise<Outcome>;
  readonly handleCallback: (callback: Callback) => Promise<void>;
  /** Lets the conference hear what came of a command, if it is for it to hear; asked where the policy wants it. */
  readonly announce: (command: Command, outcome: Outcome, how: Announcement) => Promise<void>;
  /** The room that a conference is, by which a call finds its way back. May reject. */
  readonly roomOf: (ref: ConferenceRef, deadline: Millis) => Promise<string | undefined>;
  /** True where SignalWire says that the call is over, before `deadline`. */
  readonly isCallOver: (project: ProjectId, call: CallSid, deadline: Millis) => Promise<boolean>;
  readonly alarm: (name: AlarmName) => void;
  readonly now: () => Millis;
  readonly sleep: (ms: Millis) => Promise<void>;
};
