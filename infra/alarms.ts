import { Duration } from "aws-cdk-lib";
import { Alarm, ComparisonOperator, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Topic } from "aws-cdk-lib/aws-sns";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";

export type AlarmsProps = { readonly stage: string; readonly deadLetters: IQueue };

/** Who is told, and of what. Each alarm says what goes wrong, for whom, and what to do. */
export class Alarms extends Construct {
  readonly topicArn: string;
  readonly #topic: Topic;

  constructor(scope: Construct, id: string, { stage, deadLetters }: AlarmsProps) {
    super(scope, id);
    this.#topic = new Topic(this, "Topic", { enforceSSL: true });
    this.topicArn = this.#topic.topicArn;
    this.#letCloudWatchPublish();
    const checksGivenUp = new Alarm(this, "ChecksGivenUp", {
      alarmName: `holdfast-${stage}-checks-given-up`,
      alarmDescription:
        "A conference is no longer watched, so its recording may stay paused or run under a hold unnoticed: " +
        "read why in the log of the check function, then redrive the dead-letter queue.",
      metric: deadLetters.metricApproximateNumberOfMessagesVisible({
        period: Duration.minutes(1),
        statistic: "Maximum",
      }),
      threshold: 0,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    checksGivenUp.addAlarmAction(new SnsAction(this.#topic));
  }

  // A topic with a policy of its own (the one that demands TLS) loses the default that lets alarms in.
  #letCloudWatchPublish(): void {
    this.#topic.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal("cloudwatch.amazonaws.com")],
        actions: ["sns:Publish"],
        resources: [this.#topic.topicArn],
        conditions: { StringEquals: { "aws:SourceAccount": this.#topic.stack.account } },
      }),
    );
  }
}
