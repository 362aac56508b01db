// A card number must not reach a ledger, a log or a reply, and whoever writes one into an id should hear of it.

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are ASCII too
const isAscii = /^[\x00-\x7f]*$/;
const shortest = 13;
const longest = 19;
/** UUIDs of the versions in use (RFC 9562): their digits are random and now and then pass the check. */
const uuids =
  /(?<![0-9a-z])[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}(?![0-9a-z])/gi;
/** Most texts have not, and are done with at once. */
const hasEnoughDigits = /(?:[0-9](?:[ -]+|[^0-9]{0,3})){13}/;
const runs = /[0-9]+(?:[ -]+[0-9]+)*/g;
/** Groups with something else between. */
const looseRuns = /(?<![0-9])[0-9]+(?:[^0-9A-Za-z]{1,3}[0-9]+)+/g;
/** As they are printed on a card, were it with letters between. */
const printed =
  /(?<![0-9])(?:[0-9]{4}[^0-9]{1,3}[0-9]{4}[^0-9]{1,3}[0-9]{4}[^0-9]{1,3}[0-9]{4}|[0-9]{4}[^0-9]{1,3}[0-9]{6}[^0-9]{1,3}[0-9]{4,5})(?![0-9])/g;
/** Milliseconds since 1970, from 2017 to 2033: a tenth of them has a right check digit, and no card's number begins like that. */
const time = /^1[5-9]\d{11}$/;
/** What the large issuers' numbers begin with, at the lengths that they have (ISO/IEC 7812). */
const issued = /^(?:4\d{15}|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|35\d{14}|3[068]\d{12}|6(?:011|[245])\d+)$/;

/**
 * True if `text` holds a card number: 13 to 19 digits, spaces and hyphens aside, with a right check digit. Digits that
 * stand beside or around it count as its own only if there is no issuer's number among them. An issuer's number also counts
 * where something else stands between its groups, and in digits of any script. Whoever means to hide one can: this is against
 * mistakes.
 */
export function hasCardNumber(given: string): boolean {
  const text = isAscii.test(given) ? given : given.normalize("NFKC").replace(otherDigits, asciiDigit);
  if (!hasEnoughDigits.test(text)) return false;
  const withoutIds = text.replace(uuids, "////");
  for (const run of withoutIds.match(runs) ?? []) {
    const groups = run.split(/[ -]+/);
    if (isCard(groups.join("")) || groups.some(isCard)) return true;
    if (adjoining(groups).some((some) => isIssued(some.join(""))) || groups.some(holdsIssued)) return true;
  }
  if (withoutIds.match(printed)?.some((groups) => isIssued(groups.replace(/[^0-9]+/g, "")))) return true;
  const loose = withoutIds.match(looseRuns)?.filter((run) => /[^0-9 -]/.test(run)) ?? [];
  return loose.some((run) =>
    adjoining(run.split(/[^0-9]+/)).some((some) => isSpelled(some) && isIssued(some.join(""))),
  );
}

const otherDigits = /(?![0-9])\p{Nd}/gu;

/** Every script has its ten digits in a row, and the rows begin where something else ends or ten further on. */
function asciiDigit(digit: string): string {
  const code = digit.codePointAt(0) ?? 0;
  let first = code;
  while (/\p{Nd}/u.test(String.fromCodePoint(first - 1))) first -= 1;
  return String((code - first) % 10);
}

/** Digit by digit, in pairs, or in larger groups: as somebody would write a number, and not as dates and addresses are. */
const isSpelled = (groups: readonly string[]): boolean =>
  groups.every(({ length }) => length >= 3) || groups.every(({ length }) => length === groups[0]?.length);

/** Whole groups that stand side by side: a number and an expiry date, a counter and a number. */
function adjoining(groups: readonly string[]): (readonly string[])[] {
  const found: (readonly string[])[] = [];
  for (let from = 0; from < groups.length; from++) {
    let digits = 0;
    for (let to = from; to < groups.length && digits < longest; to++) {
      digits += groups[to]?.length ?? 0;
      if (digits >= shortest) found.push(groups.slice(from, to + 1));
    }
  }
  return found;
}

/** A number in a longer row of digits, nothing between. */
function holdsIssued(group: string): boolean {
  for (let from = 0; from + 14 <= group.length; from++) {
    for (const length of [14, 15, 16]) if (isIssued(group.slice(from, from + length))) return true;
  }
  return false;
}

const isIssued = (digits: string): boolean => issued.test(digits) && isCard(digits);

/** Luhn's check (ISO/IEC 7812-1, annex B). */
function isCard(digits: string): boolean {
  if (digits.length < shortest || digits.length > longest || time.test(digits)) return false;
  let sum = 0;
  for (let at = 0; at < digits.length; at++) {
    const digit = Number(digits[digits.length - 1 - at]);
    sum += at % 2 === 0 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2;
  }
  return sum % 10 === 0;
}
