import { describe, expect, test } from "vitest";
import { optionsFrom, UsageError } from "../../infra/evidence/options.ts";

const options = (line: string) => optionsFrom(line.split(" "));

describe("what is asked for", () => {
  test("a period, of the stack on this machine, unless it says otherwise", () => {
    expect(options("--from 2026-11-01 --to 2026-12-01")).toEqual({
      of: { by: "period", from: "2026-11-01T00:00:00.000Z", to: "2026-12-01T00:00:00.000Z" },
      url: "http://127.0.0.1:8080",
      functionName: "control",
      seed: "1",
      sample: 25,
      out: "evidence",
    });
  });

  test("a period of one project, held against earlier evidence, in AWS", () => {
    const line =
      "--from 2026-11-01T09:00:00+01:00 --to 2026-11-01T12:00Z --project P --function holdfast-prod-control:read --seed s7 --sample 0 --out nov --against evidence.json";
    expect(options(line)).toEqual({
      of: { by: "period", from: "2026-11-01T08:00:00.000Z", to: "2026-11-01T12:00:00.000Z", project: "P" },
      functionName: "holdfast-prod-control:read",
      seed: "s7",
      sample: 0,
      out: "nov",
      against: "evidence.json",
    });
  });

  test("a function by another name on this machine", () => {
    expect(
      options("--from 2026-11-01 --to 2026-12-01 --url http://127.0.0.1:9/x --function other"),
    ).toMatchObject({
      url: "http://127.0.0.1:9",
      functionName: "other",
    });
  });

  test("one call, of which nothing is written unless a folder is named", () => {
    expect(options("--conference C")).toMatchObject({ of: { by: "conference", conference: "C" } });
    expect(options("--conference C")).not.toHaveProperty("out");
    expect(options("--conference C --out call")).toMatchObject({ out: "call" });
  });

  test("pages that were saved", () => {
    expect(options("--pages one.json two.json").of).toEqual({ by: "pages", files: ["one.json", "two.json"] });
  });

  test.each([
    "",
    "--from 2026-11-01",
    "--from yesterday --to 2026-12-01",
    "--from 2026-11-31x --to 2026-12-01",
    "--from 2026-13-01 --to 2026-12-01",
    "--from 2026-11-01T08:00 --to 2026-12-01",
    "--from 2026-11-01 --to 2026-12-01 --sample some",
    "--from 2026-11-01 --to 2026-12-01 --url nowhere",
    "--from 2026-11-01 --to 2026-12-01 surplus",
    "--from 2026-11-01 --to 2026-12-01 --colour red",
    "--conference C --from 2026-11-01 --to 2026-12-01",
    "--pages",
    "--pages one.json --from 2026-11-01",
  ])("%j is not understood", (line) => {
    expect(() => optionsFrom(line === "" ? [] : line.split(" "))).toThrow(UsageError);
  });
});
