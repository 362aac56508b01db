import { sample } from "./sample.mjs";
import { pause } from "./with-twilio.mjs";

export const handler = sample(pause);
