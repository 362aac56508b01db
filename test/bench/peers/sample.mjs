// The usual sample: middy, Powertools (logger, metrics, tracer, a secret through parameters), the AWS SDK's document client, zod.

import { Logger } from "@aws-lambda-powertools/logger";
import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import { Metrics } from "@aws-lambda-powertools/metrics";
import { logMetrics } from "@aws-lambda-powertools/metrics/middleware";
import { getSecret } from "@aws-lambda-powertools/parameters/secrets";
import { Tracer } from "@aws-lambda-powertools/tracer";
import { captureLambdaHandler } from "@aws-lambda-powertools/tracer/middleware";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";
import middy from "@middy/core";
import urlencodeBodyParser from "@middy/http-urlencode-body-parser";
import { z } from "zod";

const logger = new Logger({ serviceName: "sample" });
const metrics = new Metrics({ namespace: "sample", serviceName: "sample" });
const tracer = new Tracer({ serviceName: "sample" });
const table = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const form = z.object({ CallSid: z.string(), Digits: z.string() });

export const sample = (pause) =>
  middy(async (event) => {
    const { CallSid, Digits } = form.parse(event.body);
    await getSecret(process.env.BENCH_SECRET, { maxAge: 300 });
    const Item = { pk: CallSid, sk: 1, digits: Digits.length };
    await table.send(new PutCommand({ TableName: "ledger", Item }));
    await pause();
    logger.info("paused", { CallSid });
    return { statusCode: 200 };
  })
    .use(urlencodeBodyParser())
    .use(injectLambdaContext(logger))
    .use(logMetrics(metrics))
    .use(captureLambdaHandler(tracer));
