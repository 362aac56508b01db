// Step 1 of the evidence: every page of a period, put together.
import type { Ask } from "./ask.ts";
import { type Conference, type Page, pageIn } from "./page.ts";

export type Period = { readonly from: string; readonly to: string; readonly project?: string };

/** Everything that was found, and what was gone through to find it. */
export type Collected = {
  readonly ledgers: number;
  readonly entries: number;
  /** Ledgers past their retention, which were passed over. */
  readonly expired: number;
  /** Items that belong to no ledger. */
  readonly strays: number;
  /** By project and conference. */
  readonly conferences: readonly Conference[];
};

/** Asks for page after page. `tell` hears of each. */
export async function collectPeriod(
  ask: Ask,
  period: Period,
  tell: (pages: number, ledgers: number) => void = () => undefined,
): Promise<Collected> {
  const pages: Page[] = [];
  let next: string | null = null;
  do {
    const page: Page = pageIn(await ask({ action: "evidence", ...period, ...(next !== null && { next }) }));
    if (page.next !== null && page.next === next) throw new Error("The same page was answered twice");
    pages.push(page);
    tell(
      pages.length,
      pages.reduce((all, { ledgers }) => all + ledgers, 0),
    );
    next = page.next;
  } while (next !== null);
  const collected = together(pages);
  const conferences = await Promise.all(
    collected.conferences.map((one) => (one.tooLarge ? alone(ask, period, one) : one)),
  );
  return { ...collected, conferences };
}

/** What was too large to be answered with others. */
async function alone(
  ask: Ask,
  { from, to }: Period,
  { project, conference }: Conference,
): Promise<Conference> {
  const { conferences } = pageIn(await ask({ action: "evidence", project, conference, from, to }));
  const [only] = conferences;
  if (only === undefined || only.tooLarge)
    throw new Error(`Conference ${conference} is too large to be answered`);
  return only;
}

/**
 * Pages that were saved before. @throws Error where they are not all pages of one period, or a conference is missing for its size
 */
export function collectSaved(answers: readonly unknown[]): {
  readonly period: Period;
  readonly collected: Collected;
} {
  const pages = answers.map(pageIn);
  const first = pages.find(({ after }) => after === null);
  const { from, to, project } = first ?? {};
  if (first === undefined || from === undefined || to === undefined)
    throw new Error("The first page is missing");
  const chain: Page[] = [];
  for (let page: Page | undefined = first, left = pages.length; page !== undefined && left > 0; left -= 1) {
    if (page.from !== from || page.to !== to || page.project !== project)
      throw new Error("These are pages of different periods or projects");
    chain.push(page);
    const { next }: Page = page;
    if (next === null) break;
    page = pages.find(({ after }) => after === next);
  }
  if (chain.at(-1)?.next !== null)
    throw new Error("A page is missing: the last one at hand is not the last there is");
  const large = chain.flatMap(({ conferences }) => conferences).find(({ tooLarge }) => tooLarge);
  if (large !== undefined) throw new Error(`Conference ${large.conference} has to be asked for alone`);
  const period = { from, to, ...(project && { project }) };
  return { period, collected: together(chain) };
}

/** A conference that grew on the way comes twice, and counts as it came last: with the most entries. */
export function together(pages: readonly Page[]): Collected {
  const sum = (of: (page: Page) => number) => pages.reduce((all, page) => all + of(page), 0);
  const found = new Map<string, Conference>();
  for (const one of pages.flatMap(({ conferences }) => conferences)) {
    const name = `${one.project}/${one.conference}`;
    const there = found.get(name);
    if (there === undefined || there.entries <= one.entries) found.set(name, one);
  }
  return {
    ledgers: sum(({ ledgers }) => ledgers),
    entries: sum(({ entries }) => entries),
    expired: sum(({ expired }) => expired),
    strays: sum(({ strays }) => strays),
    conferences: [...found].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, one]) => one),
  };
}
