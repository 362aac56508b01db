// Runs in each measured process: the part of Lambda's runtime that a handler meets. It loads what Lambda's own loads (the Node.js
// runtime interface client: assert, fs, http, module, net, path, util), and by `require`: an ES module's import of node:http
// would load undici here already, and hide that from what is measured.
require("node:assert");
require("node:fs");
require("node:http");
require("node:module");
require("node:path");
require("node:util");
const { Socket } = require("node:net");
const { pathToFileURL } = require("node:url");

const channel = new Socket({ fd: 3, readable: true, writable: true });
channel.on("end", () => process.exit());
const tell = (message) => channel.write(`${JSON.stringify(message)}\n`);
const about = () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const undici = process.moduleLoadList.some((name) => name.includes("undici"));
  return { cpuMs: (userCPUTime + systemCPUTime) / 1_000, maxRssKb: maxRSS, undici };
};

async function invoke(handler, { event, timeoutMs }) {
  const deadline = Date.now() + timeoutMs;
  const context = {
    awsRequestId: "00000000-0000-4000-8000-000000000000",
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: "$LATEST",
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    invokedFunctionArn: "arn:aws:lambda:us-east-1:000000000000:function:bench",
    getRemainingTimeInMillis: () => deadline - Date.now(),
    callbackWaitsForEmptyEventLoop: true,
  };
  try {
    return { answer: (await handler(event, context)) ?? null };
  } catch (error) {
    return { error: String(error?.stack ?? error) };
  }
}

async function main() {
  const entry = process.argv[2];
  const { handler } = entry.endsWith(".cjs") ? require(entry) : await import(pathToFileURL(entry).href);
  let rest = "";
  channel.on("data", (chunk) => {
    rest += chunk;
    for (let end = rest.indexOf("\n"); end >= 0; end = rest.indexOf("\n")) {
      const message = JSON.parse(rest.slice(0, end));
      rest = rest.slice(end + 1);
      void invoke(handler, message).then((done) => tell({ ...done, ...about() }));
    }
  });
  tell({ ready: true, ...about() });
}

main().catch((error) => {
  channel.end(`${JSON.stringify({ error: String(error?.stack ?? error) })}\n`, () => process.exit(1));
});
