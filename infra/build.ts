// Between the source and the cloud: each function becomes one folder under dist/functions, which the stack deploys
// and the local stack runs.
import { randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { build as bundle, type OutputFile } from "esbuild";
import { builtIns } from "./built-ins.ts";
import { bytesByPackage } from "./bundle-packages.ts";

const root = join(import.meta.dirname, "..");

/** Where the bundles are: `<bundles>/<function name>/index.mjs`. */
export const bundles = join(root, "dist", "functions");

const functionEntries: Readonly<Record<string, string>> = {
  telephony: join(root, "functions", "telephony.lambda.ts"),
  signals: join(root, "functions", "signals.lambda.ts"),
  control: join(root, "functions", "control.lambda.ts"),
  check: join(root, "functions", "check.lambda.ts"),
};

/** One built function; `bytes` counts the code of all chunks, without source maps. */
export type Bundle = {
  readonly name: string;
  readonly folder: string;
  readonly bytes: number;
  /** Bytes of the code by the package that it is from. */
  readonly packages: Readonly<Record<string, number>>;
};

/**
 * Bundles every entry (function name to source file) into `<outDir>/<name>/index.mjs`, with its chunks and source maps
 * beside it. The same source gives the same bytes, and unchanged files are left alone, so builds may run at once.
 *
 * @throws esbuild's BuildFailure, which names file and line, when an entry does not bundle
 */
export async function build(entries = functionEntries, outDir = bundles): Promise<readonly Bundle[]> {
  return Promise.all(
    Object.entries(entries).map(async ([name, entry]) => {
      const folder = join(outDir, name);
      const { outputFiles: files, metafile } = await bundleFiles(entry, folder);
      await replaceFiles(folder, files);
      const code = files.filter(({ path }) => path.endsWith(".mjs"));
      const bytes = code.reduce((sum, { contents }) => sum + contents.byteLength, 0);
      return { name, folder, bytes, packages: bytesByPackage(metafile) };
    }),
  );
}

async function bundleFiles(entry: string, folder: string) {
  return bundle({
    entryPoints: [{ in: entry, out: "index" }],
    outdir: folder,
    absWorkingDir: root,
    bundle: true,
    write: false,
    metafile: true,
    format: "esm",
    platform: "node",
    target: "node24",
    // What is imported on demand stays out of the cold start.
    splitting: true,
    outExtension: { ".js": ".mjs" },
    chunkNames: "[name]-[hash]",
    minify: true,
    sourcemap: true,
    sourcesContent: false,
    // AWS packages offer CommonJS first under `main`; only ES modules can be shaken.
    mainFields: ["module", "main"],
    legalComments: "none",
    // Asking whether there is a global `crypto` loads Web Crypto; ours is Node.js's own.
    define: { crypto: "undefined" },
    // zod compiles a parser for each schema at its first use, which pays after thousands of requests and not in the first.
    banner: { js: "globalThis.__zod_globalConfig={jitless:true};" },
    plugins: [builtIns],
    logLevel: "silent",
  });
}

async function replaceFiles(folder: string, files: readonly OutputFile[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  // The entry goes last: whoever loads it in between finds all of its chunks.
  const chunksFirst = files.toSorted((a, b) => Number(isEntry(a)) - Number(isEntry(b)));
  for (const { path, contents } of chunksFirst) {
    const present = await readFile(path).catch(() => undefined);
    if (present?.equals(contents)) continue;
    const partial = `${folder}.${randomUUID()}.partial`;
    await writeFile(partial, contents);
    await rename(partial, path);
  }
  const current = new Set(files.map(({ path }) => basename(path)));
  const stale = (await readdir(folder)).filter((name) => !current.has(name));
  await Promise.all(stale.map((name) => rm(join(folder, name), { recursive: true, force: true })));
}

const isEntry = ({ path }: OutputFile): boolean => basename(path) === "index.mjs";

if (import.meta.main) {
  for (const { name, bytes } of await build()) {
    console.log(`${name.padEnd(10)} ${Math.ceil(bytes / 1024)} KB`);
  }
}
