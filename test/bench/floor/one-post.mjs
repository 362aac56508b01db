// The floor: a bare handler and one POST. With BENCH_OPEN the socket is opened in initialisation.
// Not by `import`: an ES module that imports node:https loads undici, which no floor should stand on.
const { Agent, request } = process.getBuiltinModule("node:https");
const { once } = process.getBuiltinModule("node:events");

const { BENCH_ORIGIN, BENCH_OPEN, BENCH_UPDATE } = process.env;
const { hostname, port } = new URL(BENCH_ORIGIN);
const agent = new Agent({ keepAlive: true });

if (BENCH_OPEN !== undefined) {
  const open = agent.createConnection.bind(agent);
  const first = open({ host: hostname, port });
  await once(first, "secureConnect");
  agent.createConnection = () => {
    agent.createConnection = open;
    return first;
  };
}

export const handler = () =>
  new Promise((resolve, reject) => {
    const headers = { "Content-Type": "application/x-www-form-urlencoded" };
    const sent = request(
      { agent, hostname, port, method: "POST", path: BENCH_UPDATE, headers },
      (response) => {
        response.resume();
        response.on("end", () => resolve({ statusCode: response.statusCode }));
      },
    );
    sent.on("error", reject);
    sent.end("Status=paused");
  });
