import { createAnnounce } from "./announce.ts";
import { createHandleCommand } from "./command/handle-command.ts";
import { environments, readConfig } from "./config.ts";
import { createHandleCallback } from "./handle-callback.ts";
import { rehearse, rehearsedDigit } from "./rehearsal/rehearse.ts";
import { linkSecret } from "./secrets.ts";
import { httpChain } from "./trigger/http-chain.ts";
import { telephonyDoor } from "./trigger/telephony.ts";
import { createWiring, type Outside } from "./wiring.ts";

const config = readConfig(environments.telephony, process.env);
const wiring = createWiring("telephony", config, process.env);
const link = linkSecret(config.HOLDFAST_LINK_SECRET, wiring.secretPorts);
const { HOLDFAST_PROJECTS: projects, HOLDFAST_POLICY: policy, HOLDFAST_PUBLIC_URL: publicOrigin } = config;

const doorTo = ({ ports, signalwire: { announce, roomOf, isCallOver } }: Outside) =>
  telephonyDoor({
    keys: wiring.projects,
    link,
    projects,
    policy,
    handleCommand: createHandleCommand(ports),
    handleCallback: createHandleCallback(ports),
    announce: createAnnounce({ ...ports, announce }),
    roomOf,
    isCallOver,
    alarm: ports.alarm,
    now: ports.now,
    sleep: ports.sleep,
  });

const { nowhere, outside, prime } = wiring;
const digit = rehearsedDigit(wiring.projects, projects, policy.digits);
await Promise.allSettled([prime(), link(), rehearse(httpChain(doorTo(nowhere), nowhere), digit)]);

export const handler = httpChain(doorTo(outside), { ...outside, publicOrigin });
