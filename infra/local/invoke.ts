import { parseArgs } from "node:util";
import { printableJson } from "../printable.ts";
import { isLedgerAnswer, timelineOf } from "./timeline/timeline.ts";

const usage = "npm run invoke -- [--url URL] [--table] <function> <json>";

/** Invokes a function of the running stack. @returns the exit status */
async function main(argv: readonly string[]): Promise<number> {
  const { url, name, event, isTable } = argumentsFrom(argv);
  const target = `${url}/2015-03-31/functions/${encodeURIComponent(name)}/invocations`;
  let response: Response;
  try {
    response = await fetch(target, { method: "POST", body: event });
  } catch {
    console.error(`Nothing answers at ${url}. Start the stack with npm start, or name its URL with --url.`);
    return 1;
  }
  const answer: unknown = JSON.parse(await response.text());
  const timeline = isLedgerAnswer(answer) ? timelineOf(answer).join("\n") : undefined;
  if (isTable && timeline !== undefined) console.log(timeline);
  else {
    console.log(printableJson(answer));
    // What is piped on stays JSON; whoever sits in front of it gets to read the table as well.
    if (timeline !== undefined && process.stdout.isTTY) console.error(`\n${timeline}`);
  }
  return response.ok && !response.headers.has("x-amz-function-error") ? 0 : 1;
}

function argumentsFrom(argv: readonly string[]) {
  const { values, positionals } = parseArgs({
    args: [...argv],
    options: {
      url: { type: "string", default: "http://127.0.0.1:8080" },
      table: { type: "boolean", default: false },
    },
    allowPositionals: true,
  });
  const [name, event, ...others] = positionals;
  if (name === undefined || event === undefined || others.length > 0)
    throw new Error("a function and its input, please");
  try {
    JSON.parse(event);
  } catch (error) {
    throw new Error(`The input is not JSON: ${error instanceof Error ? error.message : error}`);
  }
  if (!URL.canParse(values.url)) throw new Error(`--url: ${values.url} is no URL`);
  return { url: new URL(values.url).origin, name, event, isTable: values.table };
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(`${error instanceof Error ? error.message : error}\n${usage}`);
  process.exitCode = 2;
}
