import { Metric } from "aws-cdk-lib/aws-cloudwatch";
import { type AlarmName, type MeasureName, metricsNamespace } from "../functions/config.ts";

export type OwnMetricOptions = {
  readonly statistic: string;
  readonly label?: string;
};

/** A metric that the functions write themselves; `service` is the value of its one dimension: functions/config.ts. */
export const ownMetric = (
  name: AlarmName | MeasureName,
  service: string,
  options: OwnMetricOptions,
): Metric =>
  new Metric({
    namespace: metricsNamespace,
    metricName: name,
    dimensionsMap: { service },
    ...options,
  });
