import { Metric, type MetricOptions } from "aws-cdk-lib/aws-cloudwatch";
import { type AlarmName, type MeasureName, metricsNamespace } from "../functions/config.ts";

type Options = Required<Pick<MetricOptions, "period" | "statistic">> & Pick<MetricOptions, "label">;

/** A metric that the functions write themselves; `service` is the value of its one dimension: functions/config.ts. */
export const ownMetric = (name: AlarmName | MeasureName, service: string, options: Options): Metric =>
  new Metric({
    namespace: metricsNamespace,
    metricName: name,
    dimensionsMap: { service },
    ...options,
  });
