import middy from "@middy/core";
import { environments, readConfig } from "./config.ts";
import { createHandleCommand } from "./handle-command.ts";
import { createQueries } from "./queries.ts";
import { controlHandler } from "./trigger/control.ts";
import { createWiring } from "./wiring.ts";

const config = readConfig(environments.control, process.env);
const { ports, ledger, telemetry, now, prime } = createWiring("control", config, process.env);

await prime();

export const handler = middy(
  controlHandler({
    projects: config.HOLDFAST_PROJECTS,
    handleCommand: createHandleCommand(ports),
    queries: createQueries(ports, ledger),
    now,
    tell: telemetry.delivery,
  }),
);
