import { createHash } from "node:crypto";

/** What stands before the first entry. */
export const hashBeforeFirst = "0".repeat(64);

/** Lower-case hex SHA-256 of `text` in UTF-8. */
export const sha256Hex = (text: string): string => createHash("sha256").update(text, "utf8").digest("hex");

/**
 * JSON with the keys of every object in code unit order, without white space and without members that are
 * undefined: one text for one value, whoever writes it.
 * @throws TypeError for a value that JSON would silently turn into another (NaN, a function, undefined in a list)
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    let members = "";
    // Without a comparing function it is code unit order, and twice as fast: a state can hold thousands of keys.
    for (const key of Object.keys(value).sort()) {
      const member: unknown = Reflect.get(value, key);
      if (member === undefined) continue;
      members += `${members === "" ? "" : ","}${JSON.stringify(key)}:${canonicalJson(member)}`;
    }
    return `{${members}}`;
  }
  if (typeof value === "string" || typeof value === "boolean" || value === null) return JSON.stringify(value);
  if (typeof value === "number" && Number.isFinite(value)) return JSON.stringify(value);
  throw new TypeError(`${typeof value} has no JSON form`);
}
