import * as z from "zod/mini";

/** A SignalWire id, as far as it matters here: it can stand in a path. Documented as a UUID. */
export const sid = z.string().check(z.regex(/^[A-Za-z0-9-]{1,64}$/));

const words = ["queued", "in-progress", "paused", "resumed", "completed", "absent", "stopped"] as const;

/** A recording's status: one of the documented words, or `unrecognised`, whatever else is in its place. */
export const recordingStatus = z.catch(z.enum([...words, "unrecognised"]), "unrecognised");
