import { Duration } from "aws-cdk-lib";
import { Grant, type IGrantable } from "aws-cdk-lib/aws-iam";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { SqsEventSource } from "aws-cdk-lib/aws-lambda-event-sources";
import { type IQueue, Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";

/** How long one check may take. */
export const checkTimeout = Duration.seconds(30);

/** "Look at this conference again", delivered later, and what becomes of it when that keeps failing. */
export class CheckQueue extends Construct {
  readonly queueUrl: string;
  /** Checks that were given up: their conferences are watched by nobody. */
  readonly deadLetters: IQueue;
  readonly #queue: Queue;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const everyQueue = {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      // The longest there is: a check that ages out of the queue is lost without a trace.
      retentionPeriod: Duration.days(14),
    };
    this.deadLetters = new Queue(this, "DeadLetters", everyQueue);
    this.#queue = new Queue(this, "Queue", {
      ...everyQueue,
      // This is also the wait until a check that crashed is tried again. The usual advice of six time-outs would leave a
      // recording unwatched for three minutes; delivering a check twice does no harm.
      visibilityTimeout: checkTimeout.plus(Duration.seconds(15)),
      // About eight minutes. Many tries, because throttled invocations count as well.
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: 10 },
    });
    this.queueUrl = this.#queue.queueUrl;
  }

  grantSend(grantee: IGrantable): void {
    Grant.addToPrincipal({ grantee, actions: ["sqs:SendMessage"], resourceArns: [this.#queue.queueArn] });
  }

  /** Makes `handler` the consumer, one check at a time: a slow conference keeps no other waiting. */
  deliverTo(handler: IFunction): void {
    handler.addEventSource(new SqsEventSource(this.#queue, { batchSize: 1, reportBatchItemFailures: true }));
  }
}
