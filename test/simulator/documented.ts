// The shapes of SignalWire's answers, written down by hand from its reference: every field is required, no other may be there.
type Field = (value: unknown) => boolean;
export type Shape = { readonly [field: string]: Field | Shape };

const uuid: Field = (value) =>
  typeof value === "string" && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value);
const text: Field = (value) => typeof value === "string";
const whole: Field = (value) => typeof value === "number" && Number.isInteger(value) && value >= 0;
const flag: Field = (value) => typeof value === "boolean";
const oneOf =
  (...values: readonly string[]): Field =>
  (value) =>
    values.includes(String(value)) && typeof value === "string";
const orNull =
  (field: Field): Field =>
  (value) =>
    value === null || field(value);
const time: Field = (value) =>
  typeof value === "string" &&
  /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} [\d:]{8} \+0000$/.test(value);

export const conference: Shape = {
  sid: uuid,
  account_sid: uuid,
  date_created: time,
  date_updated: time,
  friendly_name: text,
  status: oneOf("init", "in-progress", "completed"),
  api_version: text,
  region: text,
  uri: text,
  subresource_uris: { participants: text, recordings: text },
};

export const participant: Shape = {
  account_sid: uuid,
  call_sid: uuid,
  call_sid_to_coach: orNull(uuid),
  coaching: flag,
  conference_sid: uuid,
  date_created: time,
  status: oneOf("completed", "in-progress"),
  date_updated: time,
  end_conference_on_exit: flag,
  muted: flag,
  hold: flag,
  start_conference_on_enter: flag,
  uri: text,
};

/** Of a call; that of a conference differs in its sources only. */
export const recording: Shape = {
  sid: uuid,
  account_sid: uuid,
  api_version: text,
  call_sid: orNull(uuid),
  conference_sid: orNull(uuid),
  channel: oneOf("1", "2"),
  channels: oneOf("1", "2"),
  date_created: time,
  date_updated: time,
  start_time: orNull(time),
  end_time: orNull(time),
  duration: whole,
  price: orNull(text),
  price_unit: text,
  source: oneOf(
    "DialVerb",
    "Conference",
    "OutBoundApi",
    "Trunking",
    "RecordVerb",
    "StartCallRecordingApi",
    "StartConferenceRecording",
  ),
  status: oneOf("queued", "in-progress", "paused", "resumed", "completed", "absent", "stopped"),
  error_code: orNull(text),
  uri: text,
  subresource_uris: { transcriptions: text },
  encryption_details: orNull(text),
  trim: text,
};
export const conferenceRecording: Shape = {
  ...recording,
  source: oneOf("Conference", "StartConferenceRecording"),
};

export const errorObject: Shape = { code: whole, message: text, more_info: text, status: whole };
export const errorTexts: Shape = { errors: (value) => Array.isArray(value) && value.every(text) };

export const page = (key: string): Shape => ({
  uri: text,
  first_page_uri: text,
  next_page_uri: orNull(text),
  previous_page_uri: orNull(text),
  page: whole,
  page_size: whole,
  [key]: Array.isArray,
});

/** What is wrong with `value`: fields that are missing, too many or of the wrong kind. Empty where nothing is. */
export function problems(value: unknown, shape: Shape, at = ""): readonly string[] {
  if (typeof value !== "object" || value === null) return [`${at}: no object`];
  const found = new Map<string, unknown>(Object.entries(value));
  const surplus = [...found.keys()]
    .filter((name) => !(name in shape))
    .map((name) => `${at}${name}: not documented`);
  const wrong = Object.entries(shape).flatMap(([name, field]): readonly string[] => {
    if (!found.has(name)) return [`${at}${name}: missing`];
    const inner = found.get(name);
    if (typeof field === "object") return problems(inner, field, `${at}${name}.`);
    return field(inner) ? [] : [`${at}${name}: ${JSON.stringify(inner)}`];
  });
  return [...surplus, ...wrong];
}
