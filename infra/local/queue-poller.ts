import { DeleteMessageBatchCommand, type Message, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import type { LocalSqs } from "./aws-stand-ins.ts";
import type { FunctionPool } from "./function-pool.ts";

/** How often the queue is asked: checks come this late at most. */
const POLL_MS = 250;
/** Batches that are delivered at the same time. */
const AT_ONCE = 5;

/** Delivers the queue's messages to its consumer as Lambda's event source mapping does; `stop` waits for none. */
export function pollQueue(sqs: LocalSqs, consumer: FunctionPool, batchSize: number): { stop(): void } {
  let isStopped = false;
  let delivering = 0;
  const poll = async (): Promise<void> => {
    while (!isStopped && delivering < AT_ONCE) {
      const { Messages: messages = [] } = await sqs.client.send(
        new ReceiveMessageCommand({
          QueueUrl: sqs.queueUrl,
          MaxNumberOfMessages: batchSize,
          MessageSystemAttributeNames: ["All"],
        }),
      );
      if (messages.length === 0) return;
      delivering += 1;
      void deliver(sqs, consumer, messages)
        .catch(() => undefined)
        .finally(() => {
          delivering -= 1;
        });
    }
  };
  let timer: NodeJS.Timeout;
  const next = async (): Promise<void> => {
    await poll().catch(() => undefined);
    if (!isStopped) timer = setTimeout(() => void next(), POLL_MS);
  };
  timer = setTimeout(() => void next(), POLL_MS);
  return {
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}

/** Deletes what was done; what failed becomes visible again and, received too often, a dead letter. */
async function deliver(sqs: LocalSqs, consumer: FunctionPool, messages: readonly Message[]): Promise<void> {
  const records = messages.map((message) => ({
    messageId: message.MessageId,
    receiptHandle: message.ReceiptHandle,
    body: message.Body,
    attributes: message.Attributes ?? {},
    messageAttributes: {},
    md5OfBody: message.MD5OfBody,
    eventSource: "aws:sqs",
    eventSourceARN: "arn:aws:sqs:us-east-1:000000000000:checks",
    awsRegion: "us-east-1",
  }));
  const result = await consumer.invoke({ Records: records });
  if (!result.ok) return;
  const answer = JSON.parse(result.answer) as { batchItemFailures?: { itemIdentifier: string }[] } | null;
  const failed = new Set(answer?.batchItemFailures?.map(({ itemIdentifier }) => itemIdentifier));
  const done = messages.filter(({ MessageId }) => !failed.has(MessageId ?? ""));
  if (done.length === 0) return;
  await sqs.client.send(
    new DeleteMessageBatchCommand({
      QueueUrl: sqs.queueUrl,
      Entries: done.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle })),
    }),
  );
}
