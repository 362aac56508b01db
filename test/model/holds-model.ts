// What the holds of a conference should be, said as simply as possible: for each hold the operation with the latest time wins, a
// tie is a hold, and a stop is for good. It knows nothing of facts, entries or tombstones.

export type ModelOperation =
  | { readonly type: "place"; readonly hold: string; readonly at: number }
  | { readonly type: "release"; readonly hold: string; readonly at: number }
  | { readonly type: "stop" };

export function wantedByModel(operations: readonly ModelOperation[]): "paused" | "in-progress" | "stopped" {
  if (operations.some(({ type }) => type === "stop")) return "stopped";
  return heldByModel(operations).length > 0 ? "paused" : "in-progress";
}

/** The holds that are active, in no order that matters. */
export function heldByModel(operations: readonly ModelOperation[]): readonly string[] {
  const latest = (type: "place" | "release", hold: string) =>
    Math.max(
      -1,
      ...operations.flatMap((one) =>
        one.type !== "stop" && one.type === type && one.hold === hold ? [one.at] : [],
      ),
    );
  const names = new Set(operations.flatMap((one) => (one.type === "place" ? [one.hold] : [])));
  return [...names].filter((hold) => latest("place", hold) >= latest("release", hold)).sort();
}
