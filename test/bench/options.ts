import { parseArgs } from "node:util";

export type Options = {
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
      quick: { type: "boolean", default: false },
    },
  });
  const runs = Number(values.runs ?? (values.quick ? 5 : 31));
  if (!Number.isInteger(runs) || runs < 1) throw new Error("--runs is a number from 1");
  const wanted = values.rows?.split(",");
  return {
    runs,
    isWanted: (row) => wanted?.includes(row) ?? true,
    memoryMb: values.quick ? [256] : [256, 512, 1769],
  };
}
