import type { Message } from "../http/attempt.ts";
import { accountPath, type Call } from "./call.ts";
import type { ProjectAccess } from "./credentials.ts";
import { originOf } from "./space.ts";

/**
 * The request that SignalWire documents: form body, no `.json` suffix, HTTP Basic.
 * @throws Error if the project's space is none
 */
export function messageOf(call: Call, access: ProjectAccess): Message {
  const body = call.form ? new URLSearchParams(call.form).toString() : "";
  const form = {
    "Content-Type": "application/x-www-form-urlencoded",
    "Content-Length": Buffer.byteLength(body),
  };
  return {
    origin: originOf(access.space),
    method: call.method,
    path: accountPath(call.project) + call.path,
    headers: {
      Authorization: `Basic ${Buffer.from(`${call.project}:${access.apiToken}`).toString("base64")}`,
      Accept: "application/json",
      ...(call.form && form),
    },
    body,
    onSent: call.onSent,
  };
}
