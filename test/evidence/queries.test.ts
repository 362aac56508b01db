import { describe, expect, test } from "vitest";
import type { LedgerScan } from "../../functions/ledger/dynamo-scan.ts";
import type { FoundItem } from "../../functions/ledger/verify.ts";
import { createQueries } from "../../functions/questions/queries.ts";
import { room } from "../../functions/recording/ids.ts";
import type { Queries } from "../../functions/trigger/control.ts";
import type { Question } from "../../functions/trigger/control-input.ts";
import { conference, createBench, first, place, project, ref, release, start } from "../flow/bench.ts";

const none: LedgerScan = { page: async () => ({ ledgers: [], strays: 0 }) };
const question: Question = { project, target: { by: "conference", conference }, receivedAt: start };

/** A call in which a hold was placed, confirmed and released; `edit` is what somebody did to its items afterwards. */
async function afterCall(edit: (items: readonly FoundItem[]) => readonly FoundItem[] = (items) => items) {
  const bench = createBench({ [first]: "in-progress" });
  await bench.handle(bench.command(place("payment-7f3a")));
  bench.clock.now += 60_000;
  await bench.handle(bench.command(release("payment-7f3a", start + 60_000)));
  const written = await bench.ledger.readItems(ref);
  const reader = { readItems: async () => edit(await bench.ledger.readItems(ref)) };
  return { ...createQueries(bench.ports, reader, none), written, bench };
}

const tampered = (items: readonly FoundItem[]) =>
  items.map((item) => (item.sk === 2 ? { ...item, entry: item.entry.replace("paused", "stopped") } : item));
/** What was found; an outcome that found nothing as it is. */
const found = async (answering: ReturnType<Queries["evidence"]>): Promise<object> => {
  const answer = await answering;
  return answer.kind === "found" ? answer.found : answer;
};

describe("the ledger", () => {
  test("of an intact conference has its entries, exposures and gaps, and nothing else", async () => {
    const { ledger, written } = await afterCall();
    const told = await found(ledger(question));
    expect(Object.keys(told)).toEqual(["conference", "entries", "exposures", "gaps"]);
    expect(told).toMatchObject({
      exposures: [{ how: "until-confirmed" }],
      gaps: [{ recording: first, to: expect.any(String) }],
    });
    expect(Reflect.get(told, "entries")).toHaveLength(written.length);
  });

  test("of a conference that somebody edited has what can be read, and says where it is broken", async () => {
    const { ledger, written } = await afterCall(tampered);
    const told = await found(ledger(question));
    expect(told).toMatchObject({ intact: false, brokenAt: 2, unreadable: [2] });
    const positions = written.map(({ sk }) => sk).filter((sk) => sk !== 2);
    expect(Reflect.get(told, "entries").map(({ position }: { position: number }) => position)).toEqual(
      positions,
    );
  });

  test("that does not answer is unavailable", async () => {
    const { bench } = await afterCall();
    const reader = { readItems: () => Promise.reject(new Error("no answer")) };
    const { ledger, verify, evidence } = createQueries(bench.ports, reader, none);
    const unavailable = { kind: "unavailable", why: "ledger" };
    const of = { by: "conference" as const, project, target: question.target };
    expect(await ledger(question)).toEqual(unavailable);
    expect(await verify(question)).toEqual(unavailable);
    expect(await evidence({ of, receivedAt: start })).toEqual(unavailable);
  });
});

describe("verify", () => {
  test("names the first position that does not fit", async () => {
    const { verify } = await afterCall(tampered);
    expect(await found(verify(question))).toMatchObject({ conference, intact: false, brokenAt: 2 });
  });

  test("finds by what is known from elsewhere that the newest entries are gone", async () => {
    const { verify, written } = await afterCall((items) => items.slice(0, 2));
    expect(await found(verify(question))).toEqual({ conference, intact: true, entries: 2, brokenAt: null });
    const known = { position: written.length };
    expect(await found(verify({ ...question, known }))).toEqual({
      conference,
      intact: false,
      entries: 2,
      brokenAt: 3,
    });
  });
});

describe("evidence of one conference", () => {
  const of = { by: "conference" as const, project, target: question.target };

  test("is that of all its time, or of a period", async () => {
    const { evidence, written } = await afterCall();
    const all = await found(evidence({ of, receivedAt: start }));
    expect(all).toMatchObject({
      ledgers: 1,
      entries: written.length,
      next: null,
      conferences: [
        {
          conference,
          intact: true,
          hash: written.at(-1)?.hash,
          holds: [{ outcome: "released" }],
          exceptions: [],
        },
      ],
    });
    const later = { ...of, period: { from: start + 1, to: start + 3_600_000 } };
    expect(await found(evidence({ of: later, receivedAt: start }))).toMatchObject({
      conferences: [{ intact: true, holds: [], exceptions: [] }],
    });
  });

  test("may be asked for by its room", async () => {
    const { evidence, bench } = await afterCall();
    await bench.directory.noteRoom(project, room("sales"), conference);
    const inRoom = { ...of, target: { by: "room" as const, room: room("sales") } };
    expect(await found(evidence({ of: inRoom, receivedAt: start }))).toMatchObject({
      conferences: [{ conference }],
    });
  });
});
