import middy from "@middy/core";
import { checkConference } from "./check-conference.ts";
import { environments, readConfig } from "./config.ts";
import { readCheck } from "./ledger/check-queue.ts";
import { checksHandler } from "./trigger/checks.ts";
import { createWiring } from "./wiring.ts";

const config = readConfig(environments.check, process.env);
const { ports, telemetry, prime } = createWiring("check", config, process.env);

await prime();

export const handler = middy(
  checksHandler({
    read: readCheck,
    check: (check, delivery) => checkConference(ports, check, delivery),
    tell: telemetry.check,
  }),
);
