import { join } from "node:path";
import { build } from "../../infra/build.ts";
import { digitEvent, signalEvent } from "./events.ts";
import { preparePeers } from "./peers.ts";

/** Below `dist`, which no one keeps. */
export const workFolder = join(import.meta.dirname, "..", "..", "dist", "bench");

export type Row = {
  readonly name: string;
  /** For whoever reads the table. */
  readonly title: string;
  readonly group: "floor" | "holdfast" | "today";
  /** The file that exports `handler`. */
  readonly entry: string;
  /** Of the code that is deployed; undefined where that is no bundle. */
  readonly bytes: number | undefined;
  readonly variables: Readonly<Record<string, string>>;
  /** The ledger knows the recording. */
  readonly isKnown: boolean;
  readonly event: () => object;
};

export type Rows = {
  readonly rows: readonly Row[];
  readonly skipped: readonly { name: string; why: string }[];
};

const onePost = join(import.meta.dirname, "floor", "one-post.mjs");

/** The floor, our functions and what people use today. Builds ours, and installs and bundles theirs. */
export async function prepareRows(isWanted: (name: string) => boolean): Promise<Rows> {
  const floor = {
    group: "floor",
    entry: onePost,
    bytes: undefined,
    isKnown: true,
    event: digitEvent,
  } as const;
  const rows: Row[] = [
    { ...floor, name: "floor", title: "bare handler, one POST by node:https", variables: {} },
    {
      ...floor,
      name: "floor-open",
      title: "the same, socket opened in initialisation",
      variables: { BENCH_OPEN: "1" },
    },
  ];
  const folder = join(workFolder, "functions");
  for (const { name, folder: built, bytes } of await build(undefined, folder)) {
    const event = { telephony: digitEvent, signals: signalEvent }[name];
    if (event === undefined) continue;
    const ours = { group: "holdfast", entry: join(built, "index.mjs"), bytes, variables: {}, event } as const;
    rows.push({ ...ours, name, title: `Holdfast ${name}`, isKnown: true });
    rows.push({
      ...ours,
      name: `${name}-unknown`,
      title: `Holdfast ${name}, recording not seen before`,
      isKnown: false,
    });
  }
  const peers = await preparePeers(join(workFolder, "peers"), isWanted);
  for (const { name, title, entry, bytes } of peers.built) {
    rows.push({ group: "today", name, title, entry, bytes, variables: {}, isKnown: true, event: digitEvent });
  }
  return { rows: rows.filter(({ name }) => isWanted(name)), skipped: peers.skipped };
}
