import * as z from "zod/mini";

const count = z.int().check(z.gte(0), z.lte(5000));
const text = z.string().check(z.minLength(1), z.maxLength(64));
const url = z.string().check(z.refine((given) => URL.canParse(given), "is not a URL"));
const recordingStatus = z.string().check(z.minLength(1), z.maxLength(64));

/** What the control API takes; see control-api.ts. */
export const conferenceInput = z.strictObject({
  room: z.optional(text),
  participants: z.optional(count),
  recordings: z.optional(count),
  callRecordings: z.optional(count),
  recordingStatus: z.optional(recordingStatus),
  statusCallback: z.optional(url),
  statusCallbackEvent: z.optional(z.string()),
  recordingStatusCallback: z.optional(url),
  recordingStatusCallbackEvent: z.optional(z.string()),
});
export type ConferenceInput = z.output<typeof conferenceInput>;

export const participantInput = z.strictObject({
  from: z.optional(z.string()),
  endConferenceOnExit: z.optional(z.boolean()),
});
export type ParticipantInput = z.output<typeof participantInput>;

export const newRecordingInput = z.strictObject({
  status: z.optional(recordingStatus),
  stuck: z.optional(z.boolean()),
});

export const recordingInput = z.strictObject({
  status: z.optional(recordingStatus),
  stuck: z.optional(z.boolean()),
  unlisted: z.optional(z.boolean()),
  afterMs: z.optional(z.int().check(z.gte(0))),
});
export type RecordingInput = z.output<typeof recordingInput>;

export const credentialsInput = z.strictObject({
  apiToken: z.optional(z.union([z.string().check(z.minLength(1)), z.literal(true)])),
  signingKey: z.optional(z.union([z.string().check(z.minLength(1)), z.literal(true)])),
  keepOld: z.optional(z.boolean()),
});

const params = z.union([z.record(z.string(), z.string()), z.array(z.tuple([z.string(), z.string()]))]);
/** Judged when they are joined with those in force. */
export const settingsInput = z.record(z.string(), z.unknown());

export const webhookInput = z.strictObject({
  url,
  method: z.optional(z.enum(["GET", "POST"])),
  params: z.optional(params),
  signature: z.optional(z.enum(["right", "missing", "wrong-key", "bare-url", "twice"])),
});

export type WebhookInput = z.output<typeof webhookInput>;

const key = z.string().check(z.regex(/^([0-9*#]|timeout|hangup)$/, "is no key, timeout or hangup"));
export const callInput = z.strictObject({
  url,
  from: z.optional(z.string()),
  to: z.optional(z.string()),
  keys: z.optional(z.array(key)),
});
export const keysInput = z.strictObject({ keys: z.array(key) });
