import * as z from "zod/mini";
import { ask, failureOf, type Question, unlessMissing } from "./ask.ts";
import { accountPath, type Send } from "./call.ts";
import type { SignalWireFailure } from "./error.ts";

/** The most that SignalWire gives at a time (default 50): the fewest round trips. */
const pageSize = 1000;
/** Beyond this a list is not believed to end. */
const maxPages = 50;

type Page = { readonly next_page_uri?: string | null | undefined };
export const nextPage = z.nullish(z.string());

/**
 * Every item of a list, page by page, to the end. An item that is not read would be believed not to exist, so a page that cannot
 * be had, or not be read, fails all of it.
 * @throws SignalWireFailure
 */
export async function* listed<P extends Page, Item>(
  send: Send,
  list: Question & { readonly filter?: { readonly [name: string]: string } },
  shape: z.ZodMiniType<P>,
  itemsOf: (page: P) => readonly Item[],
): AsyncGenerator<Item> {
  const parameters = Object.entries({ ...list.filter, PageSize: String(pageSize) });
  const query = parameters.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&");
  let question: Question = { ...list, path: `${list.path}?${query}` };
  for (let pages = 1; pages <= maxPages; pages += 1) {
    const asking = ask(send, question, shape);
    const page = pages === 1 ? await asking : await unlessMissing(asking, undefined);
    if (!page) break;
    yield* itemsOf(page);
    if (!page.next_page_uri) return;
    question = { ...question, path: pathOf(page.next_page_uri, question) };
  }
  throw notBelieved(question);
}

/** All of it at once. @throws SignalWireFailure */
export async function all<Item>(items: AsyncIterable<Item>): Promise<readonly Item[]> {
  const list: Item[] = [];
  for await (const item of items) list.push(item);
  return list;
}

/** The path below the account. Our credentials go along with it, so it may lead nowhere else. */
function pathOf(nextPageUri: string, question: Question): string {
  const nowhere = "https://page.invalid";
  const account = `${accountPath(question.project)}/`;
  const url = URL.canParse(nextPageUri, nowhere) ? new URL(nextPageUri, nowhere) : undefined;
  if (url?.origin !== nowhere || !url.pathname.startsWith(account)) throw notBelieved(question);
  return url.pathname.slice(account.length - 1) + url.search;
}

const notBelieved = (question: Question): SignalWireFailure =>
  failureOf(question, { kind: "answered", status: 200, inDoubt: false });
