import { isBuiltin } from "node:module";
import type { Plugin } from "esbuild";

/**
 * Replaces imports of Node.js's own modules by `process.getBuiltinModule`.
 *
 * An ES module that imports `node:http` gets a facade for which Node.js reads every exported name, those that load
 * something first too: undici, 21 to 30 ms of each cold start.
 */
export const builtIns: Plugin = {
  name: "built-ins",
  setup(build) {
    build.onResolve({ filter: /^(node:)?[a-z_]+(\/[a-z_]+)*$/ }, ({ path, kind }) => {
      if (!isBuiltin(path)) return undefined;
      return { path, namespace: kind === "dynamic-import" ? "built-in-on-demand" : "built-in" };
    });
    // CommonJS, because esbuild then reads a name where it is used and not before.
    build.onLoad({ filter: /.*/, namespace: "built-in" }, ({ path }) => ({
      contents: `module.exports = ${moduleOf(path)};`,
    }));
    // An ES module, because that is what import() has to answer with.
    build.onLoad({ filter: /.*/, namespace: "built-in-on-demand" }, ({ path }) => ({
      contents: `const found = ${moduleOf(path)};
        export default found;
        export const { ${namesIn(path).join(", ")} } = found;`,
    }));
  },
};

const moduleOf = (path: string): string => `process.getBuiltinModule(${JSON.stringify(path)})`;

const loadUndici = new Set(["WebSocket", "CloseEvent", "MessageEvent"]);
const namesIn = (path: string): readonly string[] =>
  Object.keys(process.getBuiltinModule(path) ?? {}).filter(
    (name) => /^[A-Za-z_]\w*$/.test(name) && name !== "default" && !loadUndici.has(name),
  );
