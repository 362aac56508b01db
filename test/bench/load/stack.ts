// The local stack as a process of its own, and the triggers that it is sent.
import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { signForm } from "../../../functions/trigger/signalwire-signature.ts";
import { signWebhook } from "../../../functions/trigger/standard-webhooks.ts";

type StartLine = Record<"url" | "simulator" | "project" | "signingKey" | "sender" | "senderSecret", string>;
export type Reply = { readonly status: number; readonly body: string };
export type Verb = "pause" | "resume";
export type Conference = { readonly conference: string; readonly recordings: readonly string[] };

export type StackInUse = {
  readonly pid: number;
  readonly sender: string;
  /** A running conference with two recordings. */
  conference(): Promise<Conference>;
  /** What SignalWire has. */
  statusOf(recording: string): Promise<string>;
  signal(id: string, verb: Verb, conference: string, hold: string, at: number): Promise<Reply>;
  press(verb: Verb, conference: string, call: string): Promise<Reply>;
  control(input: object): Promise<unknown>;
  close(): Promise<void>;
};

/** Its state is on the disk, so that its memory is that of the stack and not of what was written. */
export async function startStackInUse(): Promise<StackInUse> {
  const data = mkdtempSync(join(tmpdir(), "holdfast-load-"));
  const script = join(import.meta.dirname, "..", "..", "..", "infra", "local", "start.ts");
  const child = spawn(process.execPath, [script, "--port", "0", "--json", "--data", data], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const agent = new Agent({ keepAlive: true });
  const post = (url: string, headers: Record<string, string>, body: string) =>
    send(agent, "POST", url, headers, body);
  const close = async () => {
    agent.destroy();
    await stop(child);
    rmSync(data, { recursive: true, force: true });
  };
  try {
    const line = await startLineOf(child);
    const { url, simulator } = line;
    return {
      pid: child.pid ?? 0,
      sender: line.sender,
      conference: async () => {
        const wanted = JSON.stringify({ room: randomUUID(), recordings: 2, participants: 2 });
        const { body } = await post(`${simulator}/_simulator/conferences`, {}, wanted);
        return JSON.parse(body) as Conference;
      },
      statusOf: async (recording) => {
        const { body } = await send(agent, "GET", `${simulator}/_simulator/recordings/${recording}`, {}, "");
        return (JSON.parse(body) as { status: string }).status;
      },
      signal: (id, verb, conference, hold, at) => {
        const data = { conference, hold, ...(verb === "pause" ? { reason: "consult" } : {}) };
        const body = JSON.stringify({
          type: `recording.${verb}`,
          timestamp: new Date(at).toISOString(),
          data,
        });
        const stamp = { id, timestamp: String(Math.floor(Date.now() / 1000)) };
        const headers = {
          "content-type": "application/json",
          "webhook-id": id,
          "webhook-timestamp": stamp.timestamp,
          "webhook-signature": signWebhook(line.senderSecret, stamp, Buffer.from(body)),
        };
        return post(`${url}/signals/${line.sender}`, headers, body);
      },
      press: (verb, conference, call) => {
        const to = `${url}/telephony/digits?conference=${conference}`;
        const form = [
          ["AccountSid", line.project],
          ["CallSid", call],
          ["CallStatus", "in-progress"],
          ["Digits", verb === "pause" ? "1" : "2"],
        ] as const;
        const headers = {
          "content-type": "application/x-www-form-urlencoded",
          "x-signalwire-signature": signForm(line.signingKey, to, form),
        };
        return post(to, headers, form.map(([name, value]) => `${name}=${value}`).join("&"));
      },
      control: async (input) => {
        const to = `${url}/2015-03-31/functions/control/invocations`;
        return JSON.parse((await post(to, {}, JSON.stringify(input))).body);
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function startLineOf(child: ChildProcess): Promise<StartLine> {
  const { stdout } = child;
  if (stdout === null) throw new Error("the stack has no output");
  const [chunk] = (await Promise.race([
    once(stdout, "data"),
    once(child, "exit").then(() => Promise.reject(new Error("the stack did not start"))),
  ])) as [Buffer];
  return JSON.parse(chunk.toString()) as StartLine;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGTERM");
  await gone;
}

/** Longer than anybody waits for an answer. */
const TIMEOUT_MS = 30_000;

/** Status 0: no answer. */
function send(
  agent: Agent,
  method: string,
  url: string,
  headers: Record<string, string>,
  body: string,
): Promise<Reply> {
  return new Promise((resolve) => {
    const gone = () => resolve({ status: 0, body: "" });
    const sent = request(url, { method, agent, headers, timeout: TIMEOUT_MS }, (response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => (text += chunk.toString()));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body: text }));
      response.on("error", gone);
    });
    sent.on("timeout", () => sent.destroy());
    sent.on("error", gone);
    sent.end(body);
  });
}
