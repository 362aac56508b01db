import type * as z from "zod/mini";

/** The owner configured something that cannot be used; the message says which setting and why. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

/** ` at limits.default: …`, from the first thing wrong. */
export function problemOf(error: z.core.$ZodError): string {
  const issue = error.issues[0];
  if (issue === undefined) return " is not valid";
  const at = issue.path.length === 0 ? "" : ` at ${issue.path.map(String).join(".")}`;
  return `${at}: ${reasonOf(issue)}`;
}

function reasonOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "unrecognized_keys":
      return `${issue.keys.join(", ")}: no such key`;
    case "invalid_key":
      return "no such key";
    case "invalid_type":
      return `must be of type ${issue.expected}`;
    case "invalid_value":
      return `must be one of ${issue.values.map(String).join(", ")}`;
    case "too_small":
      return `must be at least ${issue.minimum}`;
    case "too_big":
      return `must be at most ${issue.maximum}`;
    case "invalid_format":
      return `must match ${issue.pattern ?? issue.format}`;
    default:
      return issue.message;
  }
}
