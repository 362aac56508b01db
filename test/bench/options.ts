import { parseArgs } from "node:util";

/** The parts of a run, in their order. */
const parts = ["cold", "warm", "freeze", "growth", "cost", "load"] as const;
export type Part = (typeof parts)[number];

export type Options = {
  /** `--only cold,load`: the others stay as they are in results.json. */
  readonly isPart: (part: Part) => boolean;
  readonly isQuick: boolean;
  /** Fresh processes for each row and condition. */
  readonly runs: number;
  readonly isWanted: (row: string) => boolean;
  /** Memory sizes whose CPU share is measured. */
  readonly memoryMb: readonly number[];
};

/** @throws Error that says which option is wrong */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      runs: { type: "string" },
      rows: { type: "string" },
      only: { type: "string" },
      quick: { type: "boolean", default: false },
    },
  });
  const runs = Number(values.runs ?? (values.quick ? 5 : 31));
  if (!Number.isInteger(runs) || runs < 1) throw new Error("--runs is a number from 1");
  const wanted = values.rows?.split(",");
  const only: readonly string[] = values.only?.split(",") ?? parts;
  const unknown = only.find((part) => !parts.some((known) => known === part));
  if (unknown !== undefined) throw new Error(`--only is some of ${parts.join(",")}, not ${unknown}`);
  return {
    isPart: (part) => only.includes(part),
    isQuick: values.quick,
    runs,
    isWanted: (row) => wanted?.includes(row) ?? true,
    memoryMb: values.quick ? [256] : [256, 512, 1769],
  };
}
