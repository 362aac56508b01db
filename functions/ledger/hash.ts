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
  if (typeof value === "string") return quoted(value);
  if (Array.isArray(value)) return `[${Array.from(value, canonicalJson).join(",")}]`;
  if (!isObject(value)) return leaf(value);
  // Put together by hand: each pause writes its state twice.
  let members = "";
  for (const key of sortedKeys(value)) {
    const member = value[key];
    if (member === undefined) continue;
    members += `${members === "" ? "" : ","}${quoted(key)}:${canonicalJson(member)}`;
  }
  return `{${members}}`;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;

/** Without a comparing function it is code unit order. */
const sortedKeys = (value: object): readonly string[] => {
  const keys = Object.keys(value);
  let before = "";
  for (const key of keys) {
    if (key < before) return keys.sort();
    before = key;
  }
  return keys;
};

function leaf(value: unknown): string {
  if (typeof value === "boolean" || value === null) return String(value);
  if (typeof value === "number" && Number.isFinite(value)) return String(value); // as JSON does
  throw new TypeError(`${typeof value} has no JSON form`);
}

/** Printable ASCII without quote and backslash stands for itself in JSON (RFC 8259). */
const plain = /^[ !#-[\]-~]*$/;
const quoted = (text: string): string => (plain.test(text) ? `"${text}"` : JSON.stringify(text));
