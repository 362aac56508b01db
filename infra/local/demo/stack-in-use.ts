// Step 1 of the demo: the stack that it plays against, and the simulator behind that stack.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { notedSimulators } from "../simulator/whereabouts.ts";

export type StackInUse = {
  readonly url: string;
  readonly simulator: string;
  /** Stops a stack that was started for the demo, and leaves any other alone. */
  close(): Promise<void>;
};

/**
 * The stack at `url`, or one of its own on a free port where nothing answers there; `onStart` is told before, for it takes a while.
 * @throws Error where the stack has another SignalWire than the simulator, or does not start
 */
export async function stackInUse(url: string, onStart: () => void): Promise<StackInUse> {
  if (!(await answers(url))) {
    onStart();
    return ownStack();
  }
  const simulator = await simulatorBehind(url);
  if (simulator === undefined)
    throw new Error(`What answers at ${url} has no simulator that a call could be placed with.`);
  return { url, simulator, close: async () => undefined };
}

const answers = (url: string): Promise<boolean> =>
  fetch(url).then(
    () => true,
    () => false,
  );

/** The one whose signature the stack takes. */
async function simulatorBehind(stack: string): Promise<string | undefined> {
  for (const { url, project, forget } of notedSimulators()) {
    const webhook = { url: `${stack}/telephony/events`, params: { AccountSid: project } };
    const sending = fetch(`${url}/_simulator/webhooks`, { method: "POST", body: JSON.stringify(webhook) });
    const answer = await sending.catch(forget);
    const { status } = answer?.ok ? ((await answer.json()) as { status: number }) : { status: 0 };
    if (status === 204) return url;
  }
  return undefined;
}

async function ownStack(): Promise<StackInUse> {
  const start = join(import.meta.dirname, "..", "start.ts");
  const child = spawn(process.execPath, [start, "--port", "0", "--json"], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let log = "";
  child.stderr.on("data", (chunk: Buffer) => {
    log = (log + chunk.toString()).slice(-4_000);
  });
  const line = await Promise.race([firstLine(child), once(child, "exit").then(() => undefined)]);
  if (line === undefined) throw new Error(`The stack did not start.\n${log}`);
  const { url, simulator } = JSON.parse(line) as { url: string; simulator: string };
  return { url, simulator, close: () => stop(child) };
}

function firstLine({ stdout }: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    stdout?.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes("\n")) resolve(text.slice(0, text.indexOf("\n")));
    });
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  await ended;
}
