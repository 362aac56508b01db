import { join } from "node:path";
import { CreateTableCommand, DynamoDBClient, ResourceInUseException } from "@aws-sdk/client-dynamodb";
import { CreateQueueCommand, GetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { createSqsServer } from "local-aws-sqs";
import { closeDynaliteIterators } from "./close-iterators.ts";
import { close, listen } from "./http.ts";
import type { LocalQueue } from "./template.ts";

/** The credentials of nobody: the stand-ins take any. */
const nobody = { region: "us-east-1", credentials: { accessKeyId: "local", secretAccessKey: "local" } };

export type StandIn = { readonly url: string; close(): Promise<void> };

/** DynamoDB, in memory or below `data`, with the one table of the template. */
export async function startDynamoDb(table: string, data: string | undefined): Promise<StandIn> {
  const { default: dynalite } = await import("dynalite");
  closeDynaliteIterators();
  const path = data === undefined ? {} : { path: join(data, "dynamodb") };
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0, ...path });
  const { port } = await listen(server, 0);
  const url = `http://127.0.0.1:${port}`;
  const client = new DynamoDBClient({ ...nobody, endpoint: url });
  try {
    await client.send(
      new CreateTableCommand({
        TableName: table,
        BillingMode: "PAY_PER_REQUEST",
        AttributeDefinitions: [
          { AttributeName: "pk", AttributeType: "S" },
          { AttributeName: "sk", AttributeType: "N" },
        ],
        KeySchema: [
          { AttributeName: "pk", KeyType: "HASH" },
          { AttributeName: "sk", KeyType: "RANGE" },
        ],
      }),
    );
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error;
  } finally {
    client.destroy();
  }
  return { url, close: () => close(server) };
}

export type LocalSqs = StandIn & {
  readonly client: SQSClient;
  readonly queueUrl: string;
  readonly deadLetterUrl: string;
};

/** SQS with the queue of checks and its dead letters, as the template has them. */
export async function startSqs({ visibilitySeconds, maxReceiveCount }: LocalQueue): Promise<LocalSqs> {
  const server = await createSqsServer({ port: 0, hostname: "127.0.0.1" });
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const url = `http://127.0.0.1:${port}`;
  const client = new SQSClient({ ...nobody, endpoint: url });
  const dead = await client.send(new CreateQueueCommand({ QueueName: "checks-dead-letters" }));
  const deadLetterUrl = onPort(dead.QueueUrl, port);
  const { Attributes } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl: deadLetterUrl, AttributeNames: ["QueueArn"] }),
  );
  const queue = await client.send(
    new CreateQueueCommand({
      QueueName: "checks",
      Attributes: {
        VisibilityTimeout: String(visibilitySeconds),
        RedrivePolicy: JSON.stringify({ deadLetterTargetArn: Attributes?.QueueArn, maxReceiveCount }),
      },
    }),
  );
  const queueUrl = onPort(queue.QueueUrl, port);
  const stop = async () => {
    client.destroy();
    await close(server);
  };
  return { url, client, queueUrl, deadLetterUrl, close: stop };
}

/** The emulator names its queues by the port it was asked for, which is 0. */
function onPort(queueUrl: string | undefined, port: number): string {
  const url = new URL(queueUrl ?? "");
  return `http://127.0.0.1:${port}${url.pathname}`;
}
