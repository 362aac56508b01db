import type { ProjectId } from "../recording/ids.ts";

/** What it takes to speak for one project. `space`: see space.ts. */
export type ProjectAccess = { readonly space: string; readonly apiToken: string };

export interface Credentials {
  project(project: ProjectId): Promise<ProjectAccess>;
  /** The same, read anew where that is allowed: for a token that was refused. */
  projectAgain(project: ProjectId): Promise<ProjectAccess>;
}
