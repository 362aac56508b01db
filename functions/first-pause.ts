import type { Ports } from "./ports.ts";
import type { Millis } from "./recording/ids.ts";

/** The same ports, which measure the time from `receivedAt` to the first pause that goes through them. */
export function timingFirstPause(ports: Ports, receivedAt: Millis): Ports {
  let isFirst = true;
  return {
    ...ports,
    signalwire: {
      ...ports.signalwire,
      update: (ref, recording, options) => {
        if (isFirst && options.to === "paused") {
          isFirst = false;
          ports.measure({ name: "time-to-pause", value: ports.now() - receivedAt });
        }
        return ports.signalwire.update(ref, recording, options);
      },
    },
  };
}
