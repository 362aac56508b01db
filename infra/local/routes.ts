import type { LocalRoute } from "./template.ts";

export type MatchedRoute = {
  readonly route: LocalRoute;
  readonly parameters: Readonly<Record<string, string>>;
};

/** The route for a request, its path parameters decoded; undefined: API Gateway answers 404. */
export function matchRoute(
  routes: readonly LocalRoute[],
  method: string,
  path: string,
): MatchedRoute | undefined {
  for (const route of routes) {
    if (route.method !== method && route.method !== "ANY") continue;
    const parameters = matchPath(route.path.split("/"), path.split("/"));
    if (parameters !== undefined) return { route, parameters };
  }
  return undefined;
}

function matchPath(pattern: readonly string[], given: readonly string[]): Record<string, string> | undefined {
  if (pattern.length !== given.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    const actual = given[index] ?? "";
    const name = /^\{(.+)\}$/.exec(part)?.[1];
    if (name === undefined ? part !== actual : actual === "") return undefined;
    if (name !== undefined) parameters[name] = decoded(actual);
  }
  return parameters;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
