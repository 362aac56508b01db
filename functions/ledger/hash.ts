import { hash } from "node:crypto";

/** What stands before the first entry. */
export const hashBeforeFirst = "0".repeat(64);

/** Lower-case hex SHA-256 of `text` in UTF-8. */
export const sha256Hex = (text: string): string => hash("sha256", text, "hex");

/**
 * JSON with the keys of every object in code unit order, without white space and without members that are
 * undefined: one text for one value, whoever writes it.
 * @throws TypeError for a value that JSON would silently turn into another (NaN, a function, undefined in a list)
 */
export function canonicalJson(value: unknown): string {
  const ordered = inOrder(value);
  return ordered.isKept ? JSON.stringify(ordered.value) : memberByMember(value);
}

/** A copy whose objects have their members in order. Writing that at once takes half the time of writing each member. */
function inOrder(whole: unknown): { readonly value: unknown; readonly isKept: boolean } {
  let isKept = true;
  const copy = (value: unknown): unknown => {
    if (Array.isArray(value)) return Array.from(value, copy);
    if (typeof value !== "object" || value === null) return leaf(value);
    const members: { [key: string]: unknown } = {};
    for (const key of sortedKeys(value)) {
      const member: unknown = Reflect.get(value, key);
      if (member === undefined) continue;
      if (hasOwnPlace(key)) isKept = false;
      members[key] = copy(member);
    }
    return members;
  };
  return { value: copy(whole), isKept };
}

/** No object keeps these where they were set. */
const hasOwnPlace = (key: string): boolean =>
  key === "__proto__" || (key.charCodeAt(0) <= 0x39 && /^[0-9]+$/.test(key));

function memberByMember(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(memberByMember).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(leaf(value));
  const members = sortedKeys(value).flatMap((key) => {
    const member: unknown = Reflect.get(value, key);
    return member === undefined ? [] : [`${JSON.stringify(key)}:${memberByMember(member)}`];
  });
  return `{${members.join(",")}}`;
}

/** Without a comparing function it is code unit order, and twice as fast: a state can hold thousands of keys. */
const sortedKeys = (value: object): readonly string[] => Object.keys(value).sort();

function leaf(value: unknown): unknown {
  if (typeof value === "string" || typeof value === "boolean" || value === null) return value;
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw new TypeError(`${typeof value} has no JSON form`);
}
