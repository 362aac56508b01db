import { Metrics } from "@aws-lambda-powertools/metrics";
import { type AlarmName, type Measure, metricsNamespace } from "../config.ts";

export type Meter = {
  /** At once: an alarm that waited for the end of an invocation would be lost with it. */
  readonly alarm: (name: AlarmName) => void;
  /** All of an invocation in one line. */
  readonly measures: (measures: readonly Measure[]) => void;
};

/** Metrics as CloudWatch reads them out of the log (embedded metric format). `service` is the one dimension, as config.ts says. */
export function createMeter(service: string): Meter {
  const metrics = new Metrics({ namespace: metricsNamespace, serviceName: service });
  return {
    alarm: (name) => {
      metrics.addMetric(name, "Count", 1);
      metrics.publishStoredMetrics();
    },
    measures: (measures) => {
      for (const { name, value } of measures) metrics.addMetric(name, unitOf(name), value);
      metrics.publishStoredMetrics();
    },
  };
}

const unitOf = (name: Measure["name"]): "Count" | "Milliseconds" =>
  name === "time-to-pause" || name === "exposure" ? "Milliseconds" : "Count";
