// What people use today, installed and bundled in a folder of its own; no dependency of the project.
import { execFile } from "node:child_process";
import { copyFile, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";

const sources = join(import.meta.dirname, "peers");

const peers = [
  { name: "twilio", title: "twilio SDK" },
  { name: "signalwire", title: "@signalwire/compatibility-api" },
  { name: "sample-https", title: "middy + Powertools + AWS SDK + zod" },
  { name: "sample-twilio", title: "the sample with twilio" },
  { name: "sample-signalwire", title: "the sample with SignalWire's SDK" },
];

export type Peer = {
  readonly name: string;
  readonly title: string;
  readonly entry: string;
  readonly bytes?: number;
};
export type Peers = {
  readonly built: readonly Peer[];
  readonly skipped: readonly { name: string; why: string }[];
};

/** Every peer twice, as written and bundled, or the reason why there are none. */
export async function preparePeers(folder: string, isWanted: (name: string) => boolean): Promise<Peers> {
  const names = peers.flatMap(({ name }) => [name, `${name}-bundled`]).filter(isWanted);
  if (names.length === 0) return { built: [], skipped: [] };
  try {
    await install(folder);
  } catch (error) {
    const why = `their packages could not be installed (${reasonOf(error)})`;
    return { built: [], skipped: names.map((name) => ({ name, why })) };
  }
  const built = await Promise.all(
    peers.map(async ({ name, title }): Promise<Peer[]> => {
      const entry = join(folder, `${name}.mjs`);
      const bundled = await bundle(entry, join(folder, "bundled", `${name}.cjs`));
      return [
        { name, title, entry },
        { name: `${name}-bundled`, title: `${title}, bundled`, ...bundled },
      ];
    }),
  );
  return { built: built.flat().filter(({ name }) => isWanted(name)), skipped: [] };
}

async function install(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const file of await readdir(sources)) await copyFile(join(sources, file), join(folder, file));
  const wanted = await readFile(join(sources, "package.json"), "utf8");
  const mark = join(folder, "installed.json");
  if ((await readFile(mark, "utf8").catch(() => "")) === wanted) return;
  const argv = ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock"];
  await promisify(execFile)("npm", argv, { cwd: folder, timeout: 300_000 });
  await writeFile(mark, wanted);
}

/** As CDK's NodejsFunction does by default, with all packages inside and minified. */
async function bundle(entry: string, outfile: string): Promise<{ entry: string; bytes: number }> {
  const { metafile } = await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: "node",
    target: "node24",
    format: "cjs",
    // A package's own ES module asks for it; CommonJS, NodejsFunction's default and the faster of the two, has none.
    define: { "import.meta.url": "importMetaUrl" },
    banner: { js: 'const importMetaUrl = require("node:url").pathToFileURL(__filename).href;' },
    minify: true,
    metafile: true,
    logLevel: "silent",
  });
  const bytes = Object.values(metafile.outputs).reduce((sum, output) => sum + output.bytes, 0);
  return { entry: outfile, bytes };
}

const reasonOf = (error: unknown): string =>
  /npm error code (\w+)/.exec(String((error as { stderr?: string }).stderr))?.[1] ?? "npm failed";
