/** A fact of the ledger as the action `ledger` answers it. Its other members depend on its type. */
export type Fact = { readonly type: string; readonly [member: string]: unknown };

/** What one fact says, in the columns of the table. Times are milliseconds since 1970. */
export type FactLine = {
  readonly what: string;
  /** By the sender's clock. */
  readonly sent?: number;
  readonly received?: number;
  /** When the first of these requests left for SignalWire. */
  readonly wire?: number;
  readonly seen?: number;
  readonly outcome?: string;
  readonly exposureMs?: number;
};

/** `nameOf` gives a recording, or that of a ticket, its short name. */
export function factLine(fact: Fact, nameOf: (sid: string) => string): FactLine {
  const text = (name: string): string => (typeof fact[name] === "string" ? fact[name] : "");
  const number = (name: string) => (typeof fact[name] === "number" ? { [name]: fact[name] } : {});
  const { at: sent, exposureMs } = { ...number("at"), ...number("exposureMs") };
  const of = (verb: string) => `hold ${text("key")} ${verb}`;
  const recording = text("recording") === "" ? "" : nameOf(text("recording"));
  const release = { ...(sent === undefined ? {} : { sent }) };
  const exposure = { ...(exposureMs === undefined ? {} : { exposureMs }) };
  switch (fact.type) {
    case "hold-placed":
      return placed(member(fact, "hold"), nameOf);
    case "hold-released":
      return { what: of("released"), ...release, outcome: "released" };
    case "hold-expired":
      return { what: of("ended by time"), outcome: "expired" };
    case "hold-withdrawn":
      return { what: of("withdrawn"), outcome: text("why") };
    case "all-holds-released":
      return {
        what: ["all holds released", recording, text("reason")].filter(Boolean).join(": "),
        outcome: "released",
      };
    case "ended-holds-forgotten":
      return { what: `ended holds of ${text("source")} no longer remembered one by one` };
    case "stop-ordered":
      return {
        what: ["stop ordered", recording, text("reason")].filter(Boolean).join(": "),
        outcome: "stop",
      };
    case "operation-ignored":
      return { what: `${text("operation")} ${text("key")}`, ...release, outcome: `ignored: ${text("why")}` };
    case "resume-started":
      return { what: `resume of ${recording} under a ticket` };
    case "resume-ended":
      return { what: `resume of ${nameOf(text("ticket"))} ended`, outcome: text("outcome") };
    case "pause-sent":
      return { what: `pause sent without a hold: ${list(fact.recordings).map(nameOf).join(", ")}` };
    case "requests-sent":
      return sentOf(fact, nameOf);
    case "recordings-seen":
      return seen(fact, nameOf);
    case "pause-confirmed":
      return { what: of("confirmed"), ...sight(sent), outcome: "confirmed", ...exposure };
    case "pause-overdue":
      return { what: of("not confirmed"), outcome: "overdue", ...exposure };
    case "hold-over-limit":
      return { what: of("over its limit"), outcome: "alarm" };
    case "found-running":
      return { what: `${recording} found running under a hold`, outcome: text("how"), ...exposure };
    case "found-paused":
      return { what: `${recording} found paused without a hold`, outcome: "alarm" };
    case "watch-renewed":
      return { what: "a check goes on alone" };
    case "check-in-doubt":
      return { what: "not known whether its check is queued", outcome: "alarm" };
    case "conference-missing":
      return { what: "SignalWire does not know the conference" };
    case "conference-ended":
      return { what: "the conference is over", outcome: text("how") };
    default:
      return { what: fact.type };
  }
}

const sight = (at: number | undefined) => (at === undefined ? {} : { seen: at });

function placed(hold: Fact, nameOf: (sid: string) => string): FactLine {
  const text = (name: string): string => (typeof hold[name] === "string" ? hold[name] : "");
  const only = text("recording") === "" ? "" : ` of ${nameOf(text("recording"))}`;
  return {
    what: `hold ${text("source")}/${text("id")} placed${only}: ${text("reason")}`,
    ...(typeof hold.at === "number" && { sent: hold.at }),
    ...(typeof hold.receivedAt === "number" && { received: hold.receivedAt }),
    ...(typeof hold.expiresAt === "number" && { outcome: `until ${clock(hold.expiresAt).slice(0, 8)}` }),
  };
}

const verbs: { readonly [to: string]: string } = {
  paused: "pause",
  "in-progress": "resume",
  stopped: "stop",
};

function sentOf(fact: Fact, nameOf: (sid: string) => string): FactLine {
  const requests = (Array.isArray(fact.requests) ? fact.requests : []).map((one: unknown) => {
    const { recording, to, at } = { recording: "", to: "", at: Number.NaN, ...Object(one) };
    return { what: `${verbs[String(to)] ?? String(to)} of ${nameOf(String(recording))}`, at: Number(at) };
  });
  const times = requests.map(({ at }) => at).filter(Number.isFinite);
  return {
    what: `requested: ${[...new Set(requests.map(({ what }) => what))].join(", ")}`,
    ...(times.length > 0 && { wire: Math.min(...times) }),
  };
}

function seen(fact: Fact, nameOf: (sid: string) => string): FactLine {
  const recordings = Array.isArray(fact.recordings) ? fact.recordings : [];
  const shown = recordings.map((one: unknown) => {
    const { sid, status } = { sid: "", status: "", ...Object(one) };
    return `${nameOf(String(sid))} ${status}`;
  });
  return {
    what: shown.length === 0 ? "seen: no recording" : `seen: ${shown.join(", ")}`,
    ...(typeof fact.lookedAt === "number" && { seen: fact.lookedAt }),
  };
}

const member = (fact: Fact, name: string): Fact => ({ type: "", ...Object(fact[name]) });
const list = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : []);

/** Time of day, UTC, with milliseconds. */
export const clock = (at: number): string => new Date(at).toISOString().slice(11, 23);
