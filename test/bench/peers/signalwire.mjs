import { bare } from "./bare.mjs";
import { pause } from "./with-signalwire.mjs";

export const handler = bare(pause);
