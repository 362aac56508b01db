import { createRequire } from "node:module";

type Iterators = { readonly prototype: { close(): Promise<void>; return?(): Promise<void> } };
type AbstractLevel = { readonly AbstractKeyIterator: Iterators; readonly AbstractValueIterator: Iterators };

/**
 * Has dynalite (4.0.0) close the iterator of a query that has ended. It calls `return` on it where there is one, and iterators of
 * its database are ended by `close`: each query left one open, and with it the state of the database as it was then.
 */
export function closeDynaliteIterators(): void {
  const { resolve } = createRequire(import.meta.url);
  const ofDynalite = createRequire(createRequire(resolve("dynalite")).resolve("level"));
  const { AbstractKeyIterator, AbstractValueIterator } = ofDynalite("abstract-level") as AbstractLevel;
  for (const { prototype } of [AbstractKeyIterator, AbstractValueIterator]) {
    prototype.return ??= function () {
      return this.close();
    };
  }
}
