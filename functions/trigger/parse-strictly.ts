import type * as z from "zod/mini";
import { isUuid } from "../recording/ids.ts";
import { hasCardNumber } from "./card-number.ts";
import { hasKeyOrUrl } from "./key-or-url.ts";
import { Rejected } from "./rejected.ts";

/** Longer texts are in no schema, and are refused by it. */
const longestTextLooked = 1024;
/** A UUID there is SignalWire's, whatever its digits happen to add up to. */
const idFields = new Set(["project", "conference", "call", "recording"]);
/** Without digits: what has some may be a key that went astray. */
const fieldName = /^[A-Za-z]{1,24}$/;

/**
 * `value` as `schema` makes it. The first thing wrong is named by its field and a fixed text; what was sent is never repeated,
 * and card numbers, keys and URLs come first, so that their sender hears of it whatever else is wrong.
 * @throws Rejected `invalid` or `card-number`
 */
export function parseStrictly<Schema extends z.ZodMiniType>(
  schema: Schema,
  value: unknown,
): z.output<Schema> {
  refuseUnfit(value);
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  if (issue === undefined) throw new Rejected("invalid");
  if (issue.code === "unrecognized_keys") {
    throw invalid([...issue.path, issue.keys[0] ?? ""], "is not a known field");
  }
  throw invalid(issue.path, issue.message);
}

/** A field that is not as it should be. */
export function invalid(path: readonly PropertyKey[], problem: string): Rejected {
  const field = fieldAt(path);
  return new Rejected("invalid", { problem, ...(field === "" ? {} : { field }) });
}

/** Names that the sender made up are repeated only as far as they look like names. */
function fieldAt(path: readonly PropertyKey[]): string {
  const unfit = path.findIndex((name) => !fieldName.test(String(name)));
  return (unfit < 0 ? path : path.slice(0, unfit)).map(String).join(".");
}

/** By a list of what is left to look at, since the depth of what was sent is its sender's choice. */
function refuseUnfit(root: unknown): void {
  const left: { value: unknown; path: readonly string[] }[] = [{ value: root, path: [] }];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const { value, path } = next;
    if (typeof value === "string" || typeof value === "number") {
      refuseText(String(value), path);
    } else if (typeof value === "object" && value !== null) {
      for (const [name, inner] of Object.entries(value)) {
        refuseText(name, path);
        // Deeper than any schema goes, only whether there is one matters, not where.
        left.push({ value: inner, path: path.length < 2 ? [...path, name] : path });
      }
    }
  }
}

function refuseText(text: string, path: readonly string[]): void {
  if (text.length > longestTextLooked) return;
  if (hasKeyOrUrl(text)) throw invalid(path, "must hold no key and no URL");
  if (!hasCardNumber(text) || (isUuid(text) && idFields.has(path.at(-1) ?? ""))) return;
  const field = fieldAt(path);
  throw new Rejected("card-number", field === "" ? {} : { field });
}
