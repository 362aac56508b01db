import * as z from "zod/mini";

const transition = z.enum(["ok", "400", "404", "422"]);

/** What SignalWire's documentation leaves open, each as a switch. */
export const settingsSchema = z.strictObject({
  /** Answer to pausing what is paused and resuming what runs; `ok`: 200 and nothing happens. */
  repeated: z._default(transition, "ok"),
  /** Answer to any update of a recording that is over; 400 has code 21220. */
  over: z._default(transition, "400"),
  /** What a recording is called after a resume. */
  afterResume: z._default(z.enum(["in-progress", "resumed"]), "in-progress"),
  /** What a recording is called after a stop. */
  afterStop: z._default(z.enum(["stopped", "completed"]), "stopped"),
  /** Whether FriendlyName means the whole name or its beginning. */
  roomMatch: z._default(z.enum(["exact", "prefix"]), "exact"),
  /** Answer to asking for a participant that has left: not found, or one with status `completed`. */
  leftParticipant: z._default(z.enum(["404", "completed"]), "404"),
  /** Fields as the reference types them, or as one old sample shows them (`price` a number, `trim` null). */
  recordingShape: z._default(z.enum(["documented", "sample"]), "documented"),
  pageSize: z._default(z.int().check(z.gte(1), z.lte(1000)), 50),
  /** A new conference is 404, and in no list, for so long. */
  newConferenceUnknownForMs: z._default(z.int().check(z.gte(0)), 0),
  /** Which ids the recording callbacks of a conference carry. */
  recordingCallbackIds: z._default(z.enum(["conference", "call", "both", "neither"]), "conference"),
  /** RecordingStatus of a callback for a finished recording. */
  finishedWord: z._default(z.enum(["completed", "complete"]), "completed"),
  /** How often every status callback is delivered. */
  callbackCopies: z._default(z.int().check(z.gte(0), z.lte(10)), 1),
  /** Every status callback is held back for so long. */
  callbackDelayMs: z._default(z.int().check(z.gte(0)), 0),
  /** Waits before the second and third attempt of a status callback. */
  callbackRetryMs: z._default(z.tuple([z.int().check(z.gte(0)), z.int().check(z.gte(0))]), [100, 3000]),
  connectTimeoutMs: z._default(z.int().check(z.gte(1)), 2000),
  readTimeoutMs: z._default(z.int().check(z.gte(1)), 5000),
});

export type Settings = z.output<typeof settingsSchema>;
