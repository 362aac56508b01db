import { invalid, json, type Reply } from "./reply.ts";

type Listed = { readonly order: number };

export type ListRequest<Item extends Listed> = {
  /** The list's path, relative to the host. */
  readonly path: string;
  /** The query as received: filters and page. */
  readonly query: URLSearchParams;
  /** What the filters left, in any order. */
  readonly items: readonly Item[];
  /** The key that the items stand under. */
  readonly key: string;
  readonly toJson: (item: Item) => unknown;
  readonly defaultPageSize: number;
};

/** The page after (PA) or before (PB) the item with this order; so a page stays right when items come and go. */
const tokenPattern = /^(PA|PB)([0-9]+)$/;

/** One page, newest first. 422 where page, size or token are not as documented. */
export function pageOf<Item extends Listed>(request: ListRequest<Item>): Reply {
  const { path, query, key, toJson } = request;
  const page = wholeNumber(query.get("Page") ?? "0");
  const size = wholeNumber(query.get("PageSize") ?? String(request.defaultPageSize));
  const token = query.get("PageToken");
  const cursor = tokenPattern.exec(token ?? "");
  if (page === undefined) return invalid("Page is not a whole number from 0", 90000);
  if (size === undefined || size < 1 || size > 1000) return invalid("PageSize is not from 1 to 1000", 90000);
  if (token !== null && cursor === null) return invalid("PageToken is unknown", 54453);
  if (page > 0 && token === null) return invalid("a Page above 0 needs its PageToken", 21481);

  const newestFirst = request.items.toSorted((a, b) => b.order - a.order);
  const at = Number(cursor?.[2]);
  const older = newestFirst.filter(({ order }) => order < at);
  const newer = newestFirst.filter(({ order }) => order > at);
  const shown =
    cursor === null
      ? newestFirst.slice(0, size)
      : cursor[1] === "PA"
        ? older.slice(0, size)
        : newer.slice(-size);
  const first = shown[0];
  const last = shown.at(-1);
  const uriOf = (number: number, pageToken: string): string => {
    const filters = [...query].filter(([name]) => !["Page", "PageSize", "PageToken"].includes(name));
    const all = new URLSearchParams(filters);
    all.set("Page", String(number));
    all.set("PageSize", String(size));
    if (pageToken !== "") all.set("PageToken", pageToken);
    return `${path}?${all}`;
  };
  const hasOlder = last !== undefined && newestFirst.at(-1) !== last;
  const hasNewer = first !== undefined && newestFirst[0] !== first && page > 0;
  return json(200, {
    uri: uriOf(page, token ?? ""),
    first_page_uri: uriOf(0, ""),
    next_page_uri: hasOlder ? uriOf(page + 1, `PA${last.order}`) : null,
    previous_page_uri: hasNewer ? uriOf(page - 1, `PB${first.order}`) : null,
    page,
    page_size: size,
    [key]: shown.map(toJson),
  });
}

const wholeNumber = (text: string): number | undefined =>
  /^[0-9]{1,9}$/.test(text) ? Number(text) : undefined;
