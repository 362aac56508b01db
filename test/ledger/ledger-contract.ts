import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ItemReader } from "../../functions/ledger/chained-ledger.ts";
import { type Entry, type Ledger, LedgerFailure, type NewEntry } from "../../functions/ledger/ledger.ts";
import type { StoredItem } from "../../functions/ledger/stored-item.ts";
import { conferenceSid, projectId } from "../../functions/recording/ids.ts";
import { at, conference, newEntry, project, ref } from "./examples.ts";

/** A ledger on an empty table, and what can befall it. */
export type Subject = {
  readonly ledger: Ledger & ItemReader;
  /** Another process on the same table. */
  readonly other: Ledger;
  /** The next write of `ledger` takes effect, but its answer does not come back. */
  loseNextAnswer(): void;
  /** The next write of `ledger` arrives twice, and only the second answer comes back. */
  sendNextTwice(): void;
  /** The next write of `ledger` never arrives, what comes after it does. */
  dropNext(): void;
  /** From now on nothing that `ledger` asks arrives. */
  breakDown(): void;
  /** Writes over an item behind the ledger's back. */
  overwrite(item: StoredItem): Promise<void>;
  close(): Promise<void>;
};

/** What every ledger has to be. */
export function describeLedger(name: string, open: () => Promise<Subject>): void {
  describe(`ledger: ${name}`, () => {
    let subject: Subject;
    beforeEach(async () => {
      subject = await open();
    });
    afterEach(() => subject.close());

    const append = async (entry: NewEntry, after: Entry | undefined, ledger: Ledger = subject.ledger) => {
      const appended = await ledger.append(entry, after);
      if (appended === "conflict") throw new Error("unexpected conflict");
      return appended;
    };

    test("a conference never written about has no newest entry and no entries", async () => {
      expect(await subject.ledger.newest(ref)).toBeUndefined();
      expect(await subject.ledger.entries(ref)).toEqual([]);
    });

    test("entries get the positions 1, 2, 3, and each holds the hash of the one before", async () => {
      const first = await append(newEntry(), undefined);
      const second = await append(newEntry({ chain: "chain-2" }), first);
      const third = await append(newEntry({ at: at + 1 }), second);
      expect([first, second, third].map(({ position }) => position)).toEqual([1, 2, 3]);
      expect(first.previousHash).toBe("0000000000000000000000000000000000000000000000000000000000000000");
      expect([second.previousHash, third.previousHash]).toEqual([first.hash, second.hash]);
      expect(third.hash).toMatch(/^[0-9a-f]{64}$/);
    });

    test("what is read back is what append answered, to the last member", async () => {
      const told = newEntry({
        chain: "chain-1",
        cause: { source: "control", request: "req-1", actor: "élodie 🎧", sourceIp: "192.0.2.7" },
      });
      const appended = await append(told, undefined);
      expect(await subject.ledger.newest(ref)).toStrictEqual(appended);
      expect(await subject.ledger.entries(ref)).toStrictEqual([appended]);
      expect(appended).toMatchObject(told);
    });

    test("another process sees an entry as soon as its append has answered", async () => {
      let newest: Entry | undefined;
      for (const ledger of [subject.ledger, subject.other, subject.ledger, subject.other]) {
        newest = await append(newEntry(), newest, ledger);
        expect(await subject.ledger.newest(ref)).toEqual(newest);
        expect(await subject.other.newest(ref)).toEqual(newest);
      }
    });

    test("appending where somebody was faster is a conflict and changes nothing", async () => {
      const first = await append(newEntry(), undefined);
      const second = await append(newEntry(), first, subject.other);
      expect(await subject.ledger.append(newEntry(), first)).toBe("conflict");
      expect(await subject.ledger.append(newEntry(), undefined)).toBe("conflict");
      expect(await subject.ledger.entries(ref)).toEqual([first, second]);
    });

    test("of appends at once, even of the same facts at the same time, exactly one wins", async () => {
      const { ledger, other } = subject;
      for (let round = 0, after: Entry | undefined; round < 3; round += 1) {
        const same = newEntry({ at: at + round });
        const all = await Promise.all(
          [ledger, other, ledger, other, ledger].map((one) => one.append(same, after)),
        );
        const won = all.filter((one) => one !== "conflict");
        expect(won).toHaveLength(1);
        expect(await ledger.newest(ref)).toEqual(won[0]);
        after = won[0];
      }
      expect(await ledger.entries(ref)).toHaveLength(3);
    });

    test("ledgers of other conferences and of other projects are others", async () => {
      const elsewhere = { project, conference: conferenceSid("c0ffee00-1111-4222-8333-444455557777") };
      const others = { project: projectId("7c1ad1d4-0b0e-4d3c-9a3c-2f5b6f1f0b02"), conference };
      const mine = await append(newEntry(), undefined);
      const there = await append(newEntry({ ref: elsewhere }), undefined);
      const theirs = await append(newEntry({ ref: others }), undefined);
      expect(await subject.ledger.entries(ref)).toEqual([mine]);
      expect(await subject.ledger.entries(elsewhere)).toEqual([there]);
      expect(await subject.ledger.entries(others)).toEqual([theirs]);
    });

    test("an id in upper case names the same ledger", async () => {
      const shouted = { project, conference: conferenceSid("C0FFEE00-1111-4222-8333-444455556666") };
      const first = await append(newEntry(), undefined);
      expect(await subject.ledger.newest(shouted)).toEqual(first);
      expect(await subject.ledger.append(newEntry({ ref: shouted }), undefined)).toBe("conflict");
    });

    test("entries come whole and by number, however many pages they fill", async () => {
      const text = "x".repeat(200_000);
      let newest: Entry | undefined;
      for (let count = 1; count <= 12; count += 1)
        newest = await append(newEntry({ facts: [{ type: "all-holds-released", reason: text }] }), newest);
      const positions = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
      expect((await subject.ledger.entries(ref)).map(({ position }) => position)).toEqual(positions);
      expect((await subject.ledger.readItems(ref)).map(({ sk }) => sk)).toEqual(positions);
      expect((await subject.ledger.newest(ref))?.position).toBe(12);
    });

    test("an entry larger than DynamoDB stores is a failure that says so, and is not written", async () => {
      const reason = "é".repeat(210_000);
      await expect(
        subject.ledger.append(newEntry({ facts: [{ type: "all-holds-released", reason }] }), undefined),
      ).rejects.toThrow(new LedgerFailure("entry 1 is larger than the 400 KB that DynamoDB stores"));
      expect(await subject.ledger.newest(ref)).toBeUndefined();
    });

    test("an entry just below that size is written", async () => {
      const reason = "é".repeat(203_800);
      const large = await append(newEntry({ facts: [{ type: "all-holds-released", reason }] }), undefined);
      expect(await subject.ledger.newest(ref)).toEqual(large);
    });

    test("a write whose answer was lost is recognised as our own", async () => {
      subject.loseNextAnswer();
      const first = await append(newEntry(), undefined);
      expect(await subject.other.newest(ref)).toEqual(first);
    });

    test("a write that arrived twice is recognised as our own", async () => {
      const first = await append(newEntry(), undefined);
      subject.sendNextTwice();
      const second = await append(newEntry(), first);
      expect(await subject.other.entries(ref)).toEqual([first, second]);
    });

    test("the same entry of somebody else is a conflict, also where the answer was lost", async () => {
      const theirs = await append(newEntry(), undefined, subject.other);
      subject.loseNextAnswer();
      expect(await subject.ledger.append(newEntry(), undefined)).toBe("conflict");
      subject.sendNextTwice();
      expect(await subject.ledger.append(newEntry(), undefined)).toBe("conflict");
      expect(await subject.ledger.entries(ref)).toEqual([theirs]);
    });

    test("a write that may yet arrive is a failure, neither ours nor a conflict", async () => {
      subject.dropNext();
      const failure = await subject.ledger.append(newEntry(), undefined).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(LedgerFailure);
      expect(failure).toHaveProperty("message", "entry 1 is not known to be written");
      expect(failure).toHaveProperty("cause", expect.any(Error));
      expect(await subject.ledger.newest(ref)).toBeUndefined();
    });

    test("where nothing answers every call is a LedgerFailure that keeps its cause", async () => {
      subject.breakDown();
      const { ledger } = subject;
      const calls = [
        ledger.newest(ref),
        ledger.append(newEntry(), undefined),
        ledger.entries(ref),
        ledger.readItems(ref),
      ];
      for (const call of await Promise.allSettled(calls)) {
        const reason = call.status === "rejected" ? call.reason : undefined;
        expect(reason).toBeInstanceOf(LedgerFailure);
        expect(reason).toHaveProperty("cause", expect.any(Error));
      }
      expect(await subject.other.newest(ref)).toBeUndefined();
    });

    test("an entry that was moved to another position is a failure", async () => {
      await append(newEntry(), undefined);
      const [item] = await subject.ledger.readItems(ref);
      if (item === undefined) throw new Error("nothing was written");
      await subject.overwrite({ ...item, sk: 2 });
      await expect(subject.ledger.newest(ref)).rejects.toThrow(LedgerFailure);
      await expect(subject.ledger.entries(ref)).rejects.toThrow(LedgerFailure);
    });

    const broken: [string, (item: StoredItem) => StoredItem][] = [
      ["is no JSON", (item) => ({ ...item, entry: "{" })],
      ["is no entry", (item) => ({ ...item, entry: "[]" })],
      ["was edited", (item) => ({ ...item, entry: item.entry.replace("card-entry", "card-exit") })],
      ["has the hash of something else", (item) => ({ ...item, hash: "ab".repeat(32) })],
      ["expires at another time", (item) => ({ ...item, expires: item.expires + 1 })],
    ];
    test.each(broken)("an entry that %s is a failure, never an absent entry", async (_, edit) => {
      const { ledger } = subject;
      await append(newEntry(), undefined);
      const [item] = await ledger.readItems(ref);
      if (item === undefined) throw new Error("nothing was written");
      await subject.overwrite(edit(item));
      await expect(ledger.newest(ref)).rejects.toThrow(LedgerFailure);
      await expect(ledger.entries(ref)).rejects.toThrow(LedgerFailure);
      await expect(ledger.append(newEntry(), undefined)).rejects.toThrow(LedgerFailure);
      expect(await ledger.readItems(ref)).toEqual([edit(item)]);
    });
  });
}
