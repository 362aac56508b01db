import { Metrics } from "@aws-lambda-powertools/metrics";
import { type AlarmName, metricsNamespace } from "./config.ts";

export type Meter = {
  readonly alarm: (name: AlarmName) => void;
  /** The time between a trigger and its confirmed pause. */
  readonly exposure: (ms: number) => void;
};

/**
 * Metrics as CloudWatch reads them out of the log (embedded metric format). Each is written at once: an alarm that waited for
 * the end of an invocation would be lost with it. `service` is the one dimension, as config.ts says.
 */
export function createMeter(service: string): Meter {
  const metrics = new Metrics({ namespace: metricsNamespace, serviceName: service });
  const write = (name: string, unit: "Count" | "Milliseconds", value: number): void => {
    metrics.addMetric(name, unit, value);
    metrics.publishStoredMetrics();
  };
  return {
    alarm: (name) => write(name, "Count", 1),
    exposure: (ms) => write("exposure", "Milliseconds", ms),
  };
}
