import { readFile } from "node:fs/promises";
import * as z from "zod/mini";
import type { Ask } from "./ask.ts";

const earlier = z.object({
  conferences: z.array(
    z.object({
      project: z.string(),
      conference: z.string(),
      entries: z.number(),
      hash: z.nullable(z.string()),
    }),
  ),
});
const verification = z.object({ intact: z.boolean(), entries: z.number(), brokenAt: z.nullable(z.number()) });

/** A ledger that is not what earlier evidence says it was. `entries` 0: there is nothing left of it. */
export type Difference = {
  readonly project: string;
  readonly conference: string;
  readonly entries: number;
  readonly brokenAt: number | null;
};

const atOnce = 8;

/**
 * Holds today's ledgers against the hashes in an `evidence.json` of earlier: what was there then has to be there still, to the
 * byte. This is what finds a tail that was cut off, and a ledger that was written anew with hashes that fit.
 * @returns how many were looked at, and which are different
 */
export async function compareWithEarlier(
  ask: Ask,
  file: string,
): Promise<{ readonly compared: number; readonly differences: readonly Difference[] }> {
  const parsed = earlier.safeParse(JSON.parse(await readFile(file, "utf8")));
  if (!parsed.success) throw new Error(`${file} is no evidence.json`);
  const left = parsed.data.conferences.filter(({ hash }) => hash !== null);
  const compared = left.length;
  const differences: Difference[] = [];
  const work = async (): Promise<void> => {
    for (let one = left.pop(); one !== undefined; one = left.pop()) {
      const { project, conference, entries: position, hash } = one;
      const answer = await ask({ action: "verify", project, conference, position, hash });
      const { intact, entries, brokenAt } = verification.parse(answer);
      if (!intact) differences.push({ project, conference, entries, brokenAt });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return { compared, differences };
}
