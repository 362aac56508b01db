import { createAnnounce } from "./announce.ts";
import { environments, readConfig } from "./config.ts";
import { createHandleCallback } from "./handle-callback.ts";
import { createHandleCommand } from "./handle-command.ts";
import { linkSecret } from "./secrets.ts";
import { httpChain } from "./trigger/http-chain.ts";
import { telephonyDoor } from "./trigger/telephony.ts";
import { createWiring } from "./wiring.ts";

const config = readConfig(environments.telephony, process.env);
const wiring = createWiring("telephony", config, process.env);
const { ports, projects, signalwire, secretPorts, telemetry, now, prime } = wiring;
const link = linkSecret(config.HOLDFAST_LINK_SECRET, secretPorts);

const door = telephonyDoor({
  keys: projects,
  link,
  projects: config.HOLDFAST_PROJECTS,
  policy: config.HOLDFAST_POLICY,
  handleCommand: createHandleCommand(ports),
  handleCallback: createHandleCallback(ports),
  announce: createAnnounce({ ...ports, announce: signalwire.announce }),
  roomOf: signalwire.roomOf,
  isCallOver: signalwire.isCallOver,
  alarm: telemetry.alarm,
  now,
  sleep: ports.sleep,
});

await Promise.allSettled([prime(), link()]);

export const handler = httpChain(door, {
  now,
  publicOrigin: config.HOLDFAST_PUBLIC_URL,
  tell: telemetry.delivery,
});
