import { createHandleCommand } from "./command/handle-command.ts";
import { environments, readConfig } from "./config.ts";
import { rehearse, rehearsedSignal } from "./rehearsal/rehearse.ts";
import { senderSecrets } from "./secrets.ts";
import { httpChain } from "./trigger/http-chain.ts";
import { signalsDoor } from "./trigger/signals.ts";
import { createWiring, type Outside } from "./wiring.ts";

const config = readConfig(environments.signals, process.env);
const { secretPorts, nowhere, outside, prime } = createWiring("signals", config, process.env);
const { HOLDFAST_PROJECTS: projects } = config;
const keys = senderSecrets(config.HOLDFAST_SENDERS_SECRET, secretPorts);

const doorTo = ({ ports }: Outside) =>
  signalsDoor({ keys, projects, handleCommand: createHandleCommand(ports) });

const signal = rehearsedSignal(keys, projects, outside.now);
await Promise.allSettled([prime(), keys.senders(), rehearse(httpChain(doorTo(nowhere), nowhere), signal)]);

export const handler = httpChain(doorTo(outside), outside);
