import type { Fact } from "./facts.ts";

/** What is counted and timed, to be looked at rather than woken up by. Words only: no id ever becomes part of a name. */
export type MeasureName =
  /** From the receipt of a trigger to its first pause on the wire, in milliseconds. */
  | "time-to-pause"
  /** From the receipt of a trigger, or from when a recording was found running, to the confirmed pause, in milliseconds. */
  | "exposure"
  | "holds-placed"
  | "pauses-confirmed"
  | "commands-refused"
  | "commands-unavailable"
  | "deliveries-rejected";

export type Measure = { readonly name: MeasureName; readonly value: number };

export const once = (name: MeasureName): Measure => ({ name, value: 1 });

/** What a fact adds. */
export function measuresOf(fact: Fact): readonly Measure[] {
  switch (fact.type) {
    case "hold-placed":
      return [once("holds-placed")];
    case "pause-confirmed":
      return [once("pauses-confirmed"), { name: "exposure", value: fact.exposureMs }];
    default:
      return [];
  }
}
