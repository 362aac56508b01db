import { sample } from "./sample.mjs";
import { pause } from "./with-signalwire.mjs";

export const handler = sample(pause);
