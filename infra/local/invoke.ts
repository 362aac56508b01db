import { parseArgs } from "node:util";

const usage = "npm run invoke -- [--url URL] <function> <json>";

/** Invokes a function of the running stack. @returns the exit status */
async function main(argv: readonly string[]): Promise<number> {
  const { url, name, event } = argumentsFrom(argv);
  const target = `${url}/2015-03-31/functions/${encodeURIComponent(name)}/invocations`;
  let response: Response;
  try {
    response = await fetch(target, { method: "POST", body: event });
  } catch {
    console.error(`Nothing answers at ${url}. Start the stack with npm start, or name its URL with --url.`);
    return 1;
  }
  const text = await response.text();
  console.log(JSON.stringify(JSON.parse(text), null, 2));
  return response.ok && !response.headers.has("x-amz-function-error") ? 0 : 1;
}

function argumentsFrom(argv: readonly string[]) {
  const { values, positionals } = parseArgs({
    args: [...argv],
    options: { url: { type: "string", default: "http://127.0.0.1:8080" } },
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
  return { url: new URL(values.url).origin, name, event };
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(`${error instanceof Error ? error.message : error}\n${usage}`);
  process.exitCode = 2;
}
