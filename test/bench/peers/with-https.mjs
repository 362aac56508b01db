// One POST by node:https, as an ES module imports it.
import { Agent, request } from "node:https";

const { hostname, port } = new URL(process.env.BENCH_ORIGIN);
const agent = new Agent({ keepAlive: true });

export const pause = () =>
  new Promise((resolve, reject) => {
    const headers = { "Content-Type": "application/x-www-form-urlencoded" };
    const path = process.env.BENCH_UPDATE;
    const sent = request({ agent, hostname, port, method: "POST", path, headers }, (response) => {
      response.resume();
      response.on("end", resolve);
    });
    sent.on("error", reject);
    sent.end("Status=paused");
  });
