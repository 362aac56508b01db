import { sample } from "./sample.mjs";
import { pause } from "./with-https.mjs";

export const handler = sample(pause);
