import twilio from "twilio";

const client = twilio(process.env.BENCH_TWILIO_ACCOUNT, "made-up-token");
client.api.baseUrl = process.env.BENCH_ORIGIN;

export const pause = () =>
  client
    .conferences(process.env.BENCH_CONFERENCE)
    .recordings(process.env.BENCH_RECORDING)
    .update({ status: "paused" });
