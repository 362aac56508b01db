import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { together } from "../../infra/evidence/collect.ts";
import { filesOf, refuseToOverwrite, writeFiles } from "../../infra/evidence/files.ts";
import type { Conference } from "../../infra/evidence/page.ts";
import { reportOf } from "../../infra/evidence/report.ts";
import { summaryOf } from "../../infra/evidence/summary.ts";
import { conferenceOf, exceptionOf, holdOf, pageOf, sidOf } from "./pages.ts";

const asked = { from: "2026-11-23T00:00:00.000Z", to: "2026-11-24T00:00:00.000Z", seed: "7", sample: 2 };
const report = (conferences: readonly Conference[], more: object = {}) =>
  reportOf(
    { ...together([pageOf({ ledgers: 9, entries: 40, conferences: [...conferences] })]), ...more },
    asked,
  );
const linesOf = (csv = "") => csv.trimEnd().split("\r\n");

describe("the population", () => {
  test("counts holds by source and outcome, and their exposure by nearest rank", () => {
    const exposures = Array.from({ length: 20 }, (_, index) =>
      holdOf({ position: index + 1, exposureMs: (index + 1) * 10 }),
    );
    const unconfirmed = holdOf({
      position: 30,
      confirmed: false,
      exposureMs: 60_000,
      outcome: "expired",
      source: "control",
    });
    expect(
      report([conferenceOf(1, { holds: [...exposures, unconfirmed] }), conferenceOf(2)]).population,
    ).toEqual({
      conferences: 2,
      holds: 21,
      confirmed: 20,
      exposureMs: { p50: 100, p95: 190, max: 200 },
      sources: { control: 1, "signal:payments": 20 },
      outcomes: { expired: 1, released: 20 },
      exceptions: {},
    });
  });

  test("of nothing is nothing", () => {
    expect(report([]).population).toMatchObject({ conferences: 0, holds: 0, exposureMs: null });
  });

  test("has every hold of every conference once, by the time it was received", () => {
    const anyConferences = fc
      .array(fc.array(fc.integer({ min: 0, max: 86_399_999 }), { maxLength: 4 }), { maxLength: 6 })
      .map((all) =>
        all.map((times, number) =>
          conferenceOf(number, {
            holds: times.map((time, index) =>
              holdOf({
                position: index + 1,
                receivedAt: new Date(Date.parse("2026-11-23") + time).toISOString(),
              }),
            ),
          }),
        ),
      );
    fc.assert(
      fc.property(anyConferences, (conferences) => {
        const { holds, sample } = report(conferences);
        const times = conferences.flatMap((one) => one.holds.map(({ receivedAt }) => receivedAt)).toSorted();
        expect(holds.map(({ hold }) => hold.receivedAt)).toEqual(times);
        expect(sample).toHaveLength(Math.min(2, times.length));
      }),
    );
  });
});

describe("exceptions", () => {
  test("come gravest first, then by time, with a ledger that is not intact before all", () => {
    const kinds = ["ignored", "late", "exposed", "expired", "partial", "unconfirmed", "of-a-later-version"];
    const conferences = [
      conferenceOf(1, { exceptions: kinds.map((what) => exceptionOf(what)) }),
      conferenceOf(2, {
        intact: false,
        brokenAt: 3,
        unreadable: [3, 5],
        exceptions: [exceptionOf("late", { at: "2026-11-23T09:00:00.000Z" })],
      }),
    ];
    const { exceptions, population } = report(conferences);
    expect(exceptions.map(({ conference, exception }) => [exception.what, conference.conference])).toEqual([
      ["not-intact", sidOf(2)],
      ["exposed", sidOf(1)],
      ["unconfirmed", sidOf(1)],
      ["partial", sidOf(1)],
      ["late", sidOf(2)],
      ["late", sidOf(1)],
      ["expired", sidOf(1)],
      ["ignored", sidOf(1)],
      ["of-a-later-version", sidOf(1)],
    ]);
    expect(exceptions[0]?.exception).toEqual({
      what: "not-intact",
      position: 3,
      at: "",
      why: "cannot be read: 3 5",
    });
    expect(population.exceptions).toMatchObject({ "not-intact": 1, late: 2 });
  });
});

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});
async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), "holdfast-evidence-test-"));
  folders.push(made);
  return made;
}

describe("what is written", () => {
  const conferences = [
    conferenceOf(2, { holds: [holdOf({ position: 4, receivedAt: "2026-11-23T18:00:00.000Z" })] }),
    conferenceOf(1, {
      holds: [holdOf(), holdOf({ position: 7 })],
      exceptions: [
        exceptionOf("late", { milliseconds: 6_000, hold: "signal:payments/payment-7f3a", placement: 1 }),
      ],
    }),
  ];

  test("is the same to the byte, in whatever order the conferences came", () => {
    const files = filesOf(report(conferences), "summary");
    expect(filesOf(report(conferences.toReversed()), "summary")).toEqual(files);
  });

  test("is all there, each with its SHA-256 as sha256sum checks it", async () => {
    const out = join(await folder(), "november");
    await writeFiles(out, filesOf(report(conferences), "summary"));
    const sums = (await readFile(join(out, "SHA256SUMS"), "utf8")).trimEnd().split("\n");
    expect(sums.map((line) => line.slice(66))).toEqual([
      "evidence.json",
      "holds.csv",
      "exceptions.csv",
      "sample.csv",
      "summary.txt",
    ]);
    for (const line of sums) {
      const content = await readFile(join(out, line.slice(66)));
      expect(line.slice(0, 66)).toBe(`${createHash("sha256").update(content).digest("hex")}  `);
    }
  });

  test("never takes the place of what is there", async () => {
    const out = await folder();
    await refuseToOverwrite(out);
    await refuseToOverwrite(join(out, "new"));
    await writeFile(join(out, "evidence.json"), "earlier");
    await expect(refuseToOverwrite(out)).rejects.toThrow("There is something in");
    await expect(writeFiles(out, filesOf(report(conferences), ""))).rejects.toThrow("EEXIST");
    expect(await readFile(join(out, "evidence.json"), "utf8")).toBe("earlier");
  });

  test("holds.csv has a line for each hold, in full", () => {
    const [header, ...lines] = linesOf(filesOf(report(conferences), "").get("holds.csv"));
    expect(header).toBe(
      "project,conference,position,hold,source,reason,recording,pause_behavior,outcome,confirmed,exposure_ms,sent_at,received_at," +
        "written_at,on_wire_at,looked_at,confirmed_at,expires_at,end_sent_at,ended_at,running_at,paused_recordings,placed_by,placed_request," +
        "placed_call,placed_from,ended_by_source,ended_by,ended_request,ledger_entries,ledger_intact,ledger_hash",
    );
    expect(lines).toHaveLength(3);
    expect(lines[0]).toBe(
      "7c1ad1d4-0b0e-4d3c-9a3c-2f5b6f1f0a01,c0ffee00-1111-4222-8333-000000000001,1,signal:payments/payment-7f3a,signal:payments," +
        "card-entry,all,silence,released,true,180,2026-11-23T15:45:59.950Z,2026-11-23T15:46:00.000Z,2026-11-23T15:46:00.030Z," +
        "2026-11-23T15:46:00.040Z,2026-11-23T15:46:00.120Z,2026-11-23T15:46:00.180Z,2026-11-23T16:01:00.000Z,2026-11-23T15:47:00.000Z,2026-11-23T15:47:00.040Z," +
        "2026-11-23T15:47:00.300Z,33333333-3333-4333-8333-333333333331,,msg_1,,,signal:payments,,msg_2,4,true," +
        "abababababababababababababababababababababababababababababababab",
    );
  });

  test("exceptions.csv has a line for each exception", () => {
    const [, ...lines] = linesOf(filesOf(report(conferences), "").get("exceptions.csv"));
    expect(lines).toEqual([
      "late,2026-11-23T15:46:00.000Z,7c1ad1d4-0b0e-4d3c-9a3c-2f5b6f1f0a01,c0ffee00-1111-4222-8333-000000000001,1," +
        "signal:payments/payment-7f3a,1,,6000,,true,abababababababababababababababababababababababababababababababab",
    ]);
  });

  test("sample.csv has room for what is heard, and evidence.json the same holds", () => {
    const files = filesOf(report(conferences), "");
    const [header, ...lines] = linesOf(files.get("sample.csv"));
    expect(header).toMatch(/,draw,card_data_heard,remarks$/);
    expect(lines).toHaveLength(2);
    const { sample } = JSON.parse(files.get("evidence.json") ?? "");
    for (const [index, { name, draw }] of sample.holds.entries()) {
      expect(lines[index]).toContain(name.split("/")[1]);
      expect(lines[index]).toMatch(new RegExp(`,${draw},,$`));
    }
  });

  test("an actor who is called like a formula is none in any file", () => {
    const evil = holdOf({ placedBy: { source: "control", request: "r", actor: '=cmd|" /C calc"!A0' } });
    const files = filesOf(report([conferenceOf(1, { holds: [evil] })]), "");
    for (const name of ["holds.csv", "sample.csv"])
      expect(files.get(name)).toContain(`"'=cmd|"" /C calc""!A0"`);
  });
});

describe("the summary", () => {
  test("tells in a few lines what there is", () => {
    const conferences = [
      conferenceOf(1, {
        holds: [holdOf()],
        exceptions: [exceptionOf("late"), exceptionOf("late"), exceptionOf("expired")],
      }),
    ];
    expect(summaryOf(report(conferences))).toEqual([
      "Evidence from 2026-11-23T00:00:00.000Z to 2026-11-24T00:00:00.000Z",
      "  9 ledgers with 40 entries gone through: all intact",
      "  1 conference, 1 hold, 1 confirmed",
      "  exposure: half within 180 ms, 95% within 180 ms, at most 180 ms",
      "  exceptions: 1 expired, 2 late",
      "  sample: 1 of 1 hold, seed 7",
    ]);
  });

  test("says what is not as it was written", () => {
    const broken = conferenceOf(1, { intact: false, brokenAt: 2 });
    const difference = { project: broken.project, conference: sidOf(2), entries: 3, brokenAt: 4 };
    const gone = { project: broken.project, conference: sidOf(3), entries: 0, brokenAt: 1 };
    expect(
      summaryOf(report([broken], { expired: 2, strays: 1 }), {
        compared: 5,
        differences: [difference, gone],
      }),
    ).toEqual([
      "Evidence from 2026-11-23T00:00:00.000Z to 2026-11-24T00:00:00.000Z",
      "  9 ledgers with 40 entries gone through: 1 NOT INTACT, 2 past their retention, items that belong to none: 1",
      "  1 conference, 0 holds, 0 confirmed",
      "  exceptions: 1 not-intact",
      "  sample: 0 of 0 holds, seed 7",
      "  against earlier evidence: 5 ledgers, 2 NOT AS THEY WERE",
      `    ${sidOf(2)}: position 4 is not as it was`,
      `    ${sidOf(3)}: nothing is left of it (removed, or past its retention)`,
    ]);
  });
});
