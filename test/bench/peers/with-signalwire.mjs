import { RestClient } from "@signalwire/compatibility-api";

const { host } = new URL(process.env.BENCH_ORIGIN);
const client = RestClient(process.env.BENCH_ACCOUNT, "made-up-token", { signalwireSpaceUrl: host });

export const pause = () =>
  client
    .conferences(process.env.BENCH_CONFERENCE)
    .recordings(process.env.BENCH_RECORDING)
    .update({ status: "paused" });
