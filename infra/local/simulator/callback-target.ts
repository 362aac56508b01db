import type { CallbackTarget } from "./resources.ts";

/** @returns undefined where no URL is given */
export function callbackTarget(given: {
  readonly url: string | null | undefined;
  readonly method: string | null | undefined;
  /** Separated by spaces. */
  readonly events: string;
}): CallbackTarget | undefined {
  if (!given.url) return undefined;
  const events = given.events.split(/\s+/).filter((event) => event !== "");
  return { url: given.url, method: given.method === "GET" ? "GET" : "POST", events };
}
