import { Logger } from "@aws-lambda-powertools/logger";

/** All that a log line can hold. What is not in this list stays out, whoever hands it in. */
const allowed = [
  "route",
  "requestId",
  "status",
  "durationMs",
  "source",
  "command",
  "action",
  "project",
  "conference",
  "outcome",
  "why",
  "confirmed",
  "position",
  "rejected",
  "field",
  "error",
  "errorAt",
  "alarms",
  "chain",
  "hop",
  "nextCheckSeconds",
  "problem",
] as const;

export type LogFields = { readonly [Name in (typeof allowed)[number]]?: string | number | boolean };

/** What a line is about: a webhook or invocation that came in, a check, or a secret that cannot be used. */
export type LogEvent = "delivery" | "check" | "secret";

export type Log = { readonly write: (event: LogEvent, fields: LogFields) => void };

/** Structured lines, one for each delivery or check. `service` is the function's name. */
export function createLog(service: string): Log {
  const logger = new Logger({ serviceName: service });
  return {
    write: (event, fields) => {
      const line = Object.fromEntries(
        allowed.flatMap((name) => (fields[name] === undefined ? [] : [[name, fields[name]]])),
      );
      logger[levelOf(fields)](event, line);
    },
  };
}

function levelOf({ error, status, rejected, alarms }: LogFields): "error" | "warn" | "info" {
  if (error !== undefined || Number(status ?? 0) >= 500) return "error";
  return rejected === undefined && alarms === undefined ? "info" : "warn";
}
