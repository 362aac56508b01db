import { bare } from "./bare.mjs";
import { pause } from "./with-twilio.mjs";

export const handler = bare(pause);
