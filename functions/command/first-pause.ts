import type { Ports } from "../ports.ts";
import type { Millis } from "../recording/ids.ts";

/** `sent` resolves when the first pause goes out; never, where there is none. */
export type FirstPause = { readonly ports: Ports; readonly sent: Promise<void> };

/** The same ports, which measure the time from `receivedAt` to the first pause that goes through them. */
export function timingFirstPause(ports: Ports, receivedAt: Millis): FirstPause {
  const { promise: sent, resolve } = Promise.withResolvers<void>();
  let isFirst = true;
  const { signalwire } = ports;
  const update: Ports["signalwire"]["update"] = (ref, recording, options) => {
    if (isFirst && options.to === "paused") {
      isFirst = false;
      ports.measure({ name: "time-to-pause", value: ports.now() - receivedAt });
      resolve();
    }
    return signalwire.update(ref, recording, options);
  };
  return { ports: { ...ports, signalwire: { ...signalwire, update } }, sent };
}
