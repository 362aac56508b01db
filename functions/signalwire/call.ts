import type { Millis, ProjectId } from "../recording/ids.ts";

/** One request for a project. */
export type Call = {
  readonly project: ProjectId;
  readonly method: "GET" | "POST";
  /** Below the account's path, beginning with a slash; query included. */
  readonly path: string;
  readonly form?: { readonly [field: string]: string };
  /** `repeat`: as the table in repeats.ts says. `once`: one request, whatever comes, on a connection of its own. */
  readonly attempts: "repeat" | "once";
  /** Nothing is sent or waited for after this time. */
  readonly deadline: Millis;
  /** Told of each attempt when it leaves this process. */
  readonly onSent?: (() => void) | undefined;
};

/**
 * What came of a call. `inDoubt`: an earlier attempt of it got no answer, or a 5xx, and may still take effect.
 * `unanswered`: it may have been done. `not-sent`: nothing left this process.
 */
export type Reply =
  | { readonly kind: "answered"; readonly status: number; readonly body?: string; readonly inDoubt: boolean }
  | { readonly kind: "unanswered" | "not-sent"; readonly cause: unknown };

/** Never rejects. */
export type Send = (call: Call) => Promise<Reply>;

/** The path that everything of a project is below. */
export const accountPath = (project: ProjectId): string =>
  `/api/laml/2010-04-01/Accounts/${encodeURIComponent(project)}`;

/** True where an answer of this status leaves open whether the request was carried out. */
export const leavesOpen = (status: number): boolean => status === 408 || status >= 500 || status < 400;
