import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

/** Asks the function `control`. Rejects with a FailedInvocation where it fails. */
export type Ask = (question: object) => Promise<unknown>;

/** What the function says is wrong. */
export class FailedInvocation extends Error {
  override readonly name = "FailedInvocation";
  readonly errorType: string;
  constructor(answer: unknown) {
    const { errorType, errorMessage } = { errorType: "", errorMessage: "", ...Object(answer) };
    super([errorType, errorMessage].filter(Boolean).join(": "));
    this.errorType = String(errorType);
  }
}

/** A function of the stack that runs at `url` on this machine. */
export const askLocalStack =
  (url: string, functionName: string): Ask =>
  async (question) => {
    const target = `${url}/2015-03-31/functions/${encodeURIComponent(functionName)}/invocations`;
    const response = await fetch(target, { method: "POST", body: JSON.stringify(question) }).catch(() => {
      throw new Error(
        `Nothing answers at ${url}. Start the stack with npm start, or name its URL with --url.`,
      );
    });
    const answer: unknown = await response.json();
    if (!response.ok || response.headers.has("x-amz-function-error")) throw new FailedInvocation(answer);
    return answer;
  };

/** A function in AWS, by the AWS CLI: with whatever profile, region and credentials that has. */
export const askAws =
  (functionName: string): Ask =>
  async (question) => {
    const folder = await mkdtemp(join(tmpdir(), "holdfast-evidence-"));
    const file = join(folder, "answer.json");
    const payload = ["--cli-binary-format", "raw-in-base64-out", "--payload", JSON.stringify(question)];
    const args = ["lambda", "invoke", "--function-name", functionName, ...payload, "--output", "json", file];
    try {
      const { stdout } = await promisify(execFile)("aws", args);
      const answer: unknown = JSON.parse(await readFile(file, "utf8"));
      if ("FunctionError" in JSON.parse(stdout)) throw new FailedInvocation(answer);
      return answer;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };

/** The same, once more where the ledger did not answer in time. */
export const patiently =
  (ask: Ask, pauseMs = 1_000): Ask =>
  async (question) => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await ask(question);
      } catch (error) {
        const mayPass = error instanceof FailedInvocation && error.errorType === "Unavailable";
        if (!mayPass || attempt === 4) throw error;
        await new Promise((resolve) => setTimeout(resolve, pauseMs * attempt));
      }
    }
  };
