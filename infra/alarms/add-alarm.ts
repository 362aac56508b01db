import { Duration } from "aws-cdk-lib";
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import type { Construct } from "constructs";

export type AlarmProps = {
  /** Behind the name of the deployment. */
  readonly name: string;
  /** The section of docs/runbook.md. Default: the name. */
  readonly section?: string;
  /** What goes wrong, for whom, and what to do. */
  readonly sentence: string;
  /** With statistic and period. */
  readonly metric: IMetric;
  readonly atLeast: number;
};

export const minutes = (count: number) => ({ period: Duration.minutes(count) });

/**
 * An alarm at the first period that reaches the number. No data is no trouble: most of these are counted only when something
 * goes wrong.
 */
export function addAlarm(
  scope: Construct,
  { stage, topic }: { readonly stage: string; readonly topic: ITopic },
  { name, section = name, sentence, metric, atLeast }: AlarmProps,
): Alarm {
  const alarm = new Alarm(scope, name, {
    alarmName: `holdfast-${stage}-${name}`,
    alarmDescription: `${sentence} See docs/runbook.md#${section}`,
    metric,
    threshold: atLeast,
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    evaluationPeriods: 1,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
  alarm.addAlarmAction(new SnsAction(topic));
  return alarm;
}
