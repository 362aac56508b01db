import { describeDirectory } from "../ledger/directory-contract.ts";
import { createInMemoryDirectory } from "./in-memory-directory.ts";

describeDirectory("in memory", async (now) => {
  const directory = createInMemoryDirectory({ now });
  return {
    directory,
    breakDown() {
      directory.hooks.before = () => {
        throw new Error("connect ECONNREFUSED");
      };
    },
    close: async () => {},
  };
});
