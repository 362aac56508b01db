import middy from "@middy/core";
import { createAwsServices } from "./aws/services.ts";
import { createHandleCommand } from "./command/handle-command.ts";
import { environments, readConfig } from "./config.ts";
import { createDynamoScan } from "./ledger/dynamo-scan.ts";
import { createQueries } from "./questions/queries.ts";
import { controlHandler } from "./trigger/control.ts";
import { createWiring } from "./wiring.ts";

const config = readConfig(environments.control, process.env);
const { ports, ledger, telemetry, now, prime } = createWiring("control", config, process.env);

// With connections of its own: going through the table keeps no command waiting.
const { dynamodb } = createAwsServices(process.env, now);
const scan = createDynamoScan({ dynamodb, table: config.HOLDFAST_LEDGER_TABLE }, ledger);

await prime();

export const handler = middy(
  controlHandler({
    projects: config.HOLDFAST_PROJECTS,
    handleCommand: createHandleCommand(ports),
    queries: createQueries(ports, ledger, scan),
    now,
    tell: telemetry.delivery,
  }),
);
