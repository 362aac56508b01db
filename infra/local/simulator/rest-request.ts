import { accountPath } from "./resource-json.ts";
import type { Conference } from "./resources.ts";
import type { Settings } from "./settings.ts";
import type { World } from "./world.ts";

/** One authenticated request below the account's path. */
export type RestRequest = {
  /** The ids in the path, from left to right. */
  readonly ids: readonly string[];
  /** Of the resource, without query and `.json`. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Form fields, or those of a JSON object. */
  readonly fields: URLSearchParams;
};

export type RestContext = {
  readonly project: string;
  readonly world: World;
  readonly settings: () => Settings;
  readonly now: () => number;
};

/** Ids are UUIDs, whose letters may be written either way. */
export const idAt = ({ ids }: RestRequest, index: number): string => (ids[index] ?? "").toLowerCase();

/** The conference that a path names first; undefined while it is not yet known to anybody. */
export function namedConference({ world, now }: RestContext, request: RestRequest): Conference | undefined {
  const conference = world.conferences.get(idAt(request, 0));
  return conference && conference.knownFrom <= now() ? conference : undefined;
}

export const listPath = ({ project }: RestContext, rest: string): string => `${accountPath(project)}/${rest}`;
