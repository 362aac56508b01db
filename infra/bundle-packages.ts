import type { Metafile } from "esbuild";

/** How much of a bundle is whose: bytes by package name, the project's own code as `holdfast`. */
export function bytesByPackage({ outputs }: Metafile): Readonly<Record<string, number>> {
  const bytes: Record<string, number> = {};
  for (const { inputs } of Object.values(outputs)) {
    for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
      const owner = packageOf(path);
      bytes[owner] = (bytes[owner] ?? 0) + bytesInOutput;
    }
  }
  return bytes;
}

/** Of packages within packages the innermost. */
const packageOf = (path: string): string =>
  /^.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? "holdfast";
