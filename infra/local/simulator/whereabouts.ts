import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod/mini";

// A note of every simulator that runs on this machine, so that whoever knows only a stack's URL finds the simulator behind it.

const folder = (): string => join(tmpdir(), `holdfast-simulators-${process.getuid?.() ?? "all"}`);
const note = z.object({ url: z.string(), project: z.string() });

export type Whereabouts = z.output<typeof note> & {
  /** For one that is there no more. */
  readonly forget: () => void;
};

/** Where no note can be written, nobody finds it, and it runs all the same. @returns what takes the note away again */
export function noteSimulator(url: string, project: string): () => void {
  const file = join(folder(), `${new URL(url).port}.json`);
  try {
    mkdirSync(folder(), { recursive: true });
    writeFileSync(file, JSON.stringify({ url, project }));
  } catch {
    return () => undefined;
  }
  return () => rmSync(file, { force: true });
}

/** Those that were noted; one that crashed is still among them. */
export function notedSimulators(): readonly Whereabouts[] {
  return filesIn(folder()).flatMap((file) => {
    const read = note.safeParse(jsonOf(file));
    return read.success ? [{ ...read.data, forget: () => rmSync(file, { force: true }) }] : [];
  });
}

function filesIn(path: string): readonly string[] {
  try {
    return readdirSync(path).map((name) => join(path, name));
  } catch {
    return [];
  }
}

function jsonOf(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined; // taken away meanwhile
  }
}
