import type { AlarmName, Measure } from "../config.ts";
import { once } from "../recording/measure.ts";
import type { Delivery } from "../trigger/delivery.ts";
import type { Log, LogEvent, LogFields } from "./log.ts";
import type { Meter } from "./metrics.ts";

/** Everything that anybody outside is told besides the answer. */
export type Telemetry = Pick<Meter, "alarm"> & {
  /** Kept for the next line. */
  readonly measure: (measure: Measure) => void;
  /** One line for a delivery, and the alarms that follow from what became of it. */
  readonly delivery: (delivery: Delivery) => void;
  /** One line for a secret that cannot be used, and its alarm. `problem` holds no value. */
  readonly secret: (name: AlarmName, problem: string) => void;
  /** One line for a check. */
  readonly check: (fields: LogFields) => void;
};

export function createTelemetry(log: Log, meter: Meter): Telemetry {
  // Lambda runs one invocation at a time in a process, so what came up since the last line belongs to this one.
  const raised = new Set<AlarmName>();
  const measured: Measure[] = [];
  const alarm = (name: AlarmName): void => {
    raised.add(name);
    meter.alarm(name);
  };
  const write = (event: LogEvent, fields: LogFields): void => {
    const alarms = [...raised].join(",");
    raised.clear();
    log.write(event, alarms === "" ? fields : { ...fields, alarms });
    if (measured.length > 0) meter.measures(measured.splice(0));
  };
  return {
    alarm,
    measure: (measure) => measured.push(measure),
    delivery: (delivery) => {
      if (delivery.rejected === "unproven") alarm("bad-signature");
      if (delivery.rejected === "card-number") alarm("card-number-seen");
      if (delivery.error !== undefined) alarm("unforeseen-error");
      measured.push(...measuresOf(delivery));
      write("delivery", delivery);
    },
    secret: (name, problem) => {
      meter.alarm(name);
      log.write("secret", { error: name, problem });
    },
    check: (fields) => {
      if (fields.error !== undefined) alarm("check-failed");
      write("check", fields);
    },
  };
}

function measuresOf({ rejected, outcome }: Delivery): readonly Measure[] {
  if (rejected !== undefined) return [once("deliveries-rejected")];
  if (outcome === "refused") return [once("commands-refused")];
  return outcome === "unavailable" ? [once("commands-unavailable")] : [];
}
