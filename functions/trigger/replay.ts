import { within } from "./in-time.ts";
import type { TelephonyPorts } from "./telephony-ports.ts";
import type { ProvenForm } from "./telephony-proof.ts";

/** What a stop waits for SignalWire's word on whether its call goes on. */
const LIVENESS_MS = 1_000;

/**
 * True where SignalWire says that the call of this form is over. A form that was signed for a URL which we did not render has no
 * expiry. Sent again after its call, it could stop a later call in the same room, for good; a pause or a release of that call's own
 * hold can be undone.
 */
export async function isReplay(ports: TelephonyPorts, { project, call }: ProvenForm): Promise<boolean> {
  if (call === undefined) return false;
  const asking = ports.isCallOver(project, call, ports.now() + LIVENESS_MS);
  return (await within(ports, LIVENESS_MS, asking)) ?? false;
}
