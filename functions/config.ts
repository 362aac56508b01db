// What each function is told at deployment. Imports nothing of AWS: the stack reads this file to know what to supply.
import * as z from "zod/mini";
import { ConfigError } from "./config/config-error.ts";
import { isHttpBase } from "./config/http-url.ts";
import { parsePolicy } from "./config/policy.ts";
import type { AlarmName } from "./recording/alarm.ts";
import { isUuid, projectId } from "./recording/ids.ts";
import type { Measure, MeasureName } from "./recording/measure.ts";

const text = z.string("is missing");
const url = text.check(z.refine((given) => URL.canParse(given), "is not a URL"));
const projects = z.pipe(
  text.check(
    z.refine((given) => given.split(",").every(isUuid), "is not a comma-separated list of AccountSids"),
  ),
  z.transform((given) => [...new Set(given.toLowerCase().split(","))].map(projectId)),
);

const everywhere = {
  HOLDFAST_LEDGER_TABLE: text,
  HOLDFAST_CHECK_QUEUE_URL: url,
  /** Followed by an AccountSid it is the name of that project's secret. */
  HOLDFAST_SIGNALWIRE_SECRETS: text.check(z.endsWith("/", "does not end in /")),
  HOLDFAST_PROJECTS: projects,
  HOLDFAST_POLICY: z.pipe(z.optional(z.string()), z.transform(parsePolicy)),
};
/** What each function reads of its environment. */
export const environments = {
  telephony: z.object({
    ...everywhere,
    HOLDFAST_LINK_SECRET: text,
    /** Where SignalWire reaches us, without a slash at its end; absent: at the API's own name. */
    HOLDFAST_PUBLIC_URL: z.optional(
      z
        .string()
        .check(z.refine(isHttpBase, "is not an https URL without query and without a slash at its end")),
    ),
  }),
  signals: z.object({ ...everywhere, HOLDFAST_SENDERS_SECRET: text }),
  control: z.object(everywhere),
  check: z.object(everywhere),
};

export type FunctionName = keyof typeof environments;
/** The variables that the stack has to give function `Name`, optional ones marked. */
export type EnvironmentOf<Name extends FunctionName> = z.input<(typeof environments)[Name]>;
/** The same, read. */
export type ConfigOf<Name extends FunctionName> = z.output<(typeof environments)[Name]>;

/** The names of the variables of function `name`, as they stand in the template. */
export const variablesOf = (name: FunctionName): readonly string[] => Object.keys(environments[name].shape);

/**
 * What `schema`, one of `environments`, makes of `variables`.
 * @throws ConfigError that names the first variable that is missing or wrong
 */
export function readConfig<Schema extends z.ZodMiniType>(
  schema: Schema,
  variables: { readonly [name: string]: string | undefined },
): z.output<Schema> {
  // An empty text is what a template makes of a variable that is not set.
  const set = Object.entries(variables).filter(([, value]) => value !== undefined && value !== "");
  const parsed = schema.safeParse(Object.fromEntries(set));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new ConfigError(`${issue?.path.join(".")}: ${issue?.message}`);
}

/**
 * Where the metrics are. The one dimension is `service`, the name of the ledger table, so that deployments in one account stay
 * apart. Each alarm has a metric of its name, counting how often it was raised.
 */
export const metricsNamespace = "Holdfast";
export type { AlarmName, Measure, MeasureName };
