import type { Node } from "constructs";
import { parsePolicy } from "../functions/config/policy.ts";
import { type EventRule, parseEventRules } from "./event-rules.ts";

/** What the owner chooses at deployment, by `--context <name>=<value>` or in cdk.json. */
export type Settings = {
  /** Part of every name, so that several deployments live in one account. */
  readonly stage: string;
  /** AccountSids of the SignalWire projects; none is enough for a look at the template, not for a deployment. */
  readonly projects: readonly string[];
  /** The policy as JSON; absent: the defaults. */
  readonly policy?: string;
  /** Where SignalWire reaches the webhooks if not at the API's own address, without a slash at its end. */
  readonly publicUrl?: string;
  /** Which events become commands; absent: none. */
  readonly eventRules?: readonly EventRule[];
};

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * Reads `stage` (default `prod`), `project` (one AccountSid or several, separated by commas), `policy`, `publicUrl` and
 * `events`.
 *
 * @throws Error that names the setting and what it should look like
 */
export function settingsFrom(node: Node): Settings {
  const policy = jsonFrom(node, "policy", parsePolicy);
  const publicUrl = publicUrlFrom(node);
  const events = jsonFrom(node, "events", parseEventRules);
  return {
    stage: stageFrom(node),
    projects: projectsFrom(node),
    ...(policy === undefined ? {} : { policy: policy.json }),
    ...(publicUrl === undefined ? {} : { publicUrl }),
    ...(events === undefined ? {} : { eventRules: events.parsed }),
  };
}

function stageFrom(node: Node): string {
  const stage = contextText(node, "stage") ?? "prod";
  if (/^[a-z][a-z0-9-]{0,19}$/.test(stage)) return stage;
  throw new Error("--context stage: a letter, then up to 19 of a-z, 0-9 and hyphen");
}

function projectsFrom(node: Node): readonly string[] {
  const projects = contextText(node, "project")?.split(",") ?? [];
  if (!projects.every((project) => uuid.test(project))) {
    throw new Error(
      "--context project: an AccountSid is a UUID in lower case; several are separated by commas",
    );
  }
  return [...new Set(projects)];
}

/** On the command line it is text, in cdk.json it can stand as it is. */
function jsonFrom<Parsed>(node: Node, name: string, parse: (json: string) => Parsed) {
  const given: unknown = node.tryGetContext(name);
  if (given === undefined || given === null || given === "") return undefined;
  const json = typeof given === "string" ? given : JSON.stringify(given);
  try {
    return { json, parsed: parse(json) };
  } catch (cause) {
    throw new Error(`--context ${name}: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
}

function publicUrlFrom(node: Node): string | undefined {
  const url = contextText(node, "publicUrl");
  if (url === undefined || /^https:\/\/[^\s?#]*[^\s?#/]$/.test(url)) return url;
  throw new Error("--context publicUrl: https://…, without query and without a slash at its end");
}

/** An empty text counts as not given: that is what a shell makes of an unset variable. */
function contextText(node: Node, name: string): string | undefined {
  const value: unknown = node.tryGetContext(name);
  if (value === undefined || value === null || value === "") return undefined;
  if (typeof value === "string") return value;
  throw new Error(`--context ${name}: a text`);
}
