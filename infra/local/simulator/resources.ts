// What SignalWire has: conferences with participants, calls, recordings. Times are milliseconds since 1970.

/** `order` counts everything in the order of its making. */
type Made = { readonly order: number; readonly createdAt: number };

/** Where a status callback goes and for which events. */
export type CallbackTarget = {
  readonly url: string;
  readonly method: "GET" | "POST";
  readonly events: readonly string[];
};

export type Call = Made & {
  readonly sid: string;
  readonly from: string;
  readonly to: string;
  status: "in-progress" | "completed";
  /** What becomes of the call when it is out of its conference: it ends, or a document says how it goes on. */
  readonly afterConference: "ends" | "goes-on";
};

export type Participant = Made & {
  readonly call: string;
  readonly startOnEnter: boolean;
  readonly endOnExit: boolean;
  leftAt: number | null;
};

/** As the first participant's `<Conference>` says it. */
export type ConferenceOptions = {
  readonly recorded?: boolean;
  readonly trim?: string;
  readonly statusCallback?: CallbackTarget | undefined;
  readonly recordingCallback?: CallbackTarget | undefined;
};

export type Conference = Made &
  ConferenceOptions & {
    readonly sid: string;
    readonly room: string;
    readonly knownFrom: number;
    status: "init" | "in-progress" | "completed";
    updatedAt: number;
    readonly participants: Map<string, Participant>;
    readonly announced: Announcement[];
  };

/** Something that everybody in a conference is to hear. `status`: of the answer, null while, or because, there is none. */
export type Announcement = {
  readonly at: number;
  readonly url: string;
  status: number | null;
  readonly said: string[];
};

export type PauseBehavior = "silence" | "skip";

export type Recording = Made & {
  readonly sid: string;
  /** Exactly one of `conference` and `call` is set. */
  readonly conference: string | null;
  readonly call: string | null;
  readonly source: string;
  readonly channels: "1" | "2";
  readonly trim: string;
  readonly callback: CallbackTarget | undefined;
  /** One of SignalWire's words, or any other that a test sets. */
  status: string;
  pauseBehavior: PauseBehavior | null;
  updatedAt: number;
  startedAt: number | null;
  endedAt: number | null;
  /** Updates are answered with 200 and change nothing. */
  stuck: boolean;
  /** No list has it; it can be asked for by its sid. */
  unlisted: boolean;
  /** Every status it had, oldest first. */
  readonly history: { readonly at: number; readonly status: string; readonly by: ChangedBy }[];
};

/** How a recording is made; what is left out is as its conference or call has it. */
export type RecordingOptions = {
  readonly status?: string;
  readonly stuck?: boolean;
  readonly channels?: "1" | "2";
  readonly trim?: string;
  readonly source?: string;
  readonly callback?: CallbackTarget | undefined;
};

/** Who changed a recording: a request, the control API, or the end of its call or conference. */
export type ChangedBy = "start" | "request" | "control" | "end";

const overStatuses = new Set(["stopped", "completed", "absent"]);
const runningStatuses = new Set(["in-progress", "resumed"]);

export const isOver = ({ status }: Recording): boolean => overStatuses.has(status);
export const isRunning = ({ status }: Recording): boolean => runningStatuses.has(status);

/** Those who are in the conference now. */
export const present = ({ participants }: Conference): readonly Participant[] =>
  [...participants.values()].filter(({ leftAt }) => leftAt === null);
