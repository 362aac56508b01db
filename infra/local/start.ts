import { parseArgs } from "node:util";
import { parsePolicy } from "../../functions/config/policy.ts";
import { type LocalStack, type StackOptions, startStack } from "./stack.ts";

const usage = "npm start -- [--port N] [--signalwire URL] [--policy JSON] [--data DIR] [--json]";

class UsageError extends Error {}

function optionsFrom(argv: readonly string[]): StackOptions & { readonly json: boolean } {
  const text = { type: "string" } as const;
  const options = {
    port: text,
    signalwire: text,
    policy: text,
    data: text,
    json: { type: "boolean" },
  } as const;
  const values = parsed(() => parseArgs({ args: [...argv], options, strict: true }).values);
  const port = Number(values.port ?? "8080");
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new UsageError(`--port: a whole number from 0 to 65535, not ${values.port}`);
  }
  const { signalwire, policy, data } = values;
  if (signalwire !== undefined && !isLoopback(signalwire)) {
    throw new UsageError("--signalwire: an origin on loopback, such as http://127.0.0.1:4010");
  }
  if (policy !== undefined) parsed(() => parsePolicy(policy), "--policy: ");
  return {
    port,
    json: values.json ?? false,
    ...(signalwire === undefined ? {} : { signalwire }),
    ...(policy === undefined ? {} : { policy }),
    ...(data === undefined ? {} : { data }),
  };
}

function parsed<Value>(parse: () => Value, before = ""): Value {
  try {
    return parse();
  } catch (error) {
    throw new UsageError(`${before}${error instanceof Error ? error.message : error}`);
  }
}

function isLoopback(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url?.protocol === "http:" && url.hostname === "127.0.0.1" && ["", "/"].includes(url.pathname);
}

function startLine(stack: LocalStack): string {
  const { url, simulatorUrl: simulator, project, apiToken, signingKey, sender, senderSecret } = stack;
  return JSON.stringify({ url, simulator, project, apiToken, signingKey, sender, senderSecret });
}

function welcome(stack: LocalStack, conference: string): string {
  const at = stack.url === "http://127.0.0.1:8080" ? "" : `--url ${stack.url} `;
  const invoke = (input: object) => `  npm run -s invoke -- ${at}control '${JSON.stringify(input)}'`;
  return [
    `Holdfast is running at ${stack.url}, with SignalWire at ${stack.simulatorUrl}.`,
    `Project ${stack.project}; a call is in progress in conference ${conference}.`,
    "",
    "In another terminal, place a hold, show what is true, release it:",
    "",
    invoke({ action: "pause", conference, reason: "card-entry", actor: "me" }),
    invoke({ action: "status", conference }),
    invoke({ action: "resume", conference, actor: "me" }),
    "",
    "Ctrl-C stops everything.",
    "",
  ].join("\n");
}

async function main(): Promise<void> {
  if (!process.version.startsWith("v24.")) {
    console.error(
      `This is Node.js ${process.version}; Holdfast runs on 24. Run it by npm, after npm ci without --ignore-scripts.`,
    );
  }
  const { json, ...options } = optionsFrom(process.argv.slice(2));
  const stack = await startStack(options);
  const events = `${stack.url}/telephony/events`;
  const demo = stack.simulator?.addConference({
    room: "support",
    recordings: 2,
    participants: 2,
    statusCallback: events,
    recordingStatusCallback: events,
    recordingStatusCallbackEvent: "in-progress completed failed",
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => void stack.close().then(() => process.exit(0)));
  }
  if (json) console.log(startLine(stack));
  else console.log(welcome(stack, demo?.conference ?? "<ConferenceSid>"));
}

main().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error);
  const isTaken = (error as NodeJS.ErrnoException).code === "EADDRINUSE";
  console.error(isTaken ? `${message}\nAnother program has that port; choose one with --port.` : message);
  if (error instanceof UsageError) console.error(usage);
  process.exit(error instanceof UsageError ? 2 : 1);
});
