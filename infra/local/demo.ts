// Plays one whole call against the local stack and tells it as a timeline.
import { parseArgs, styleText } from "node:util";
import type { Happening } from "./demo/happenings.ts";
import { play } from "./demo/play.ts";
import { simulatorAt } from "./demo/sources.ts";
import { stackInUse } from "./demo/stack-in-use.ts";
import { figuresOf, pictureOf, wasPaused } from "./demo/verdict.ts";

const usage = "npm run demo -- [--url URL] [--pace MS]";

class UsageError extends Error {}

type Format = Parameters<typeof styleText>[0];
const hasColours = process.stdout.isTTY === true && !process.env.NO_COLOR;
const paint = (format: Format, text: string): string =>
  hasColours ? styleText(format, text, { validateStream: false }) : text;
const tones: Readonly<Record<string, Format>> = { good: "green", bad: "red", quiet: "gray" };
const voices: Readonly<Record<string, Format>> = {
  agent: "cyan",
  caller: "magenta",
  voice: "yellow",
  recording: "bold",
};

const legend = [
  "An agent talks to a caller who wants to pay by card. * takes the agent to a menu and back: 1 pauses, 2 resumes.",
  "webhook: SignalWire asks Holdfast   request: Holdfast tells SignalWire   ledger: what Holdfast wrote down",
];

/** @returns the exit status */
async function main(argv: readonly string[]): Promise<number> {
  const { url, paceMs } = optionsFrom(argv);
  const stack = await stackInUse(url, () =>
    print(`Nothing answers at ${url}, so the demo starts a stack of its own. That takes some seconds.`),
  );
  try {
    print(
      paint("bold", `One call, played against ${stack.url}`),
      ...legend.map((line) => paint("gray", line)),
      "",
    );
    const from = Date.now();
    const tell = (happening: Happening) => print(lineOf(happening, from));
    const played = await play({ url: stack.url, simulator: simulatorAt(stack.simulator), paceMs, tell });

    const width = Math.min(Math.max((process.stdout.columns ?? 80) - 15, 40), 100);
    print("", ...pictureOf(played, from, width), "             █ recorded   ░ paused   ▓ hold   ▒ card", "");
    print(...figuresOf(played, from));
    const isGood = wasPaused(played);
    const verdict = isGood
      ? "While the card was read, the recording was paused."
      : "The recording was not shown paused while the card was read.";
    print(paint(isGood ? "green" : "red", verdict));
    return isGood ? 0 : 1;
  } finally {
    await stack.close();
  }
}

function optionsFrom(argv: readonly string[]): { readonly url: string; readonly paceMs: number } {
  const text = { type: "string" } as const;
  const values = parsed(() => parseArgs({ args: [...argv], options: { url: text, pace: text } }).values);
  const { url = "http://127.0.0.1:8080", pace = "700" } = values;
  if (!URL.canParse(url)) throw new UsageError(`--url: ${url} is no URL`);
  if (!/^\d{1,5}$/.test(pace)) throw new UsageError(`--pace: milliseconds, not ${pace}`);
  return { url: new URL(url).origin, paceMs: Number(pace) };
}

function parsed<Value>(parse: () => Value): Value {
  try {
    return parse();
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function lineOf({ at, who, what, tone }: Happening, from: number): string {
  const seconds = ((at - from) / 1000).toFixed(3).padStart(8);
  const format = tone === undefined ? voices[who] : tones[tone];
  const line = `${who.padEnd(11)}${what}`;
  return `${paint("gray", `${seconds} s`)}  ${format === undefined ? line : paint(format, line)}`;
}

const print = (...lines: readonly string[]): void => {
  for (const line of lines) console.log(line);
};

main(process.argv.slice(2)).then(
  (status) => {
    process.exitCode = status;
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error));
    if (error instanceof UsageError) console.error(usage);
    process.exitCode = error instanceof UsageError ? 2 : 1;
  },
);
