import { join } from "node:path";
import type { Plugin } from "esbuild";

const files: Readonly<Record<string, string>> = {
  "@aws-sdk/credential-provider-node": "no-credential-search.ts",
  "../shared-ini-file-loader/loadSharedConfigFiles": "no-config-files.ts",
};

/** Leaves out of the AWS SDK what looks for settings that our clients are given. */
export const leanSdk: Plugin = {
  name: "lean-sdk",
  setup(build) {
    build.onResolve({ filter: /\/(credential-provider-node|loadSharedConfigFiles)$/ }, ({ path }) => {
      const file = files[path];
      return file === undefined ? undefined : { path: join(import.meta.dirname, file) };
    });
  },
};
