import { environments, readConfig } from "./config.ts";
import { createHandleCommand } from "./handle-command.ts";
import { senderSecrets } from "./secrets.ts";
import { httpChain } from "./trigger/http-chain.ts";
import { signalsDoor } from "./trigger/signals.ts";
import { createWiring } from "./wiring.ts";

const config = readConfig(environments.signals, process.env);
const { ports, secretPorts, telemetry, now, prime } = createWiring("signals", config, process.env);
const keys = senderSecrets(config.HOLDFAST_SENDERS_SECRET, secretPorts);

const door = signalsDoor({
  keys,
  projects: config.HOLDFAST_PROJECTS,
  handleCommand: createHandleCommand(ports),
});

await Promise.allSettled([prime(), keys.senders()]);

export const handler = httpChain(door, { now, tell: telemetry.delivery });
