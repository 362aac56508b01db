import type { Policy } from "../config/policy.ts";
import { type Cxml, element } from "./cxml.ts";

/** Only to where the owner allowed it: whoever has the URL must not lead the call anywhere else. */
export function redirectTo(policy: Policy, url: string | undefined): Cxml | undefined {
  if (url === undefined || !URL.canParse(url)) return undefined;
  const { origin, username, password, href } = new URL(url);
  const isAllowed = policy.redirectOrigins.includes(origin) && username === "" && password === "";
  // Not as it was given: another parser may find another host in it.
  return isAllowed ? element("Redirect", { method: "POST" }, href) : undefined;
}
