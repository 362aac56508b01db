import { describe, expect, test } from "vitest";
import { projectSecrets } from "../../functions/secrets.ts";
import { signForm } from "../../functions/trigger/signalwire-signature.ts";
import { bench, call, origin, project } from "../fixtures/telephony-bench.ts";
import { environments, rotation } from "./many-environments.ts";
import { asOfFiveMinutes, asOfTenSeconds, replaceKey, situations } from "./replace-key.ts";

const prefix = "holdfast/test/signalwire/";
const keys = {
  older: "PSK_made-up-older-key",
  newer: "PSK_made-up-newer-key",
  stranger: "PSK_of-a-stranger",
};
const { older } = keys;
const path = "/telephony/digits?conference=43bb71ee-553f-4074-bb20-8e2747647cce";
const form = [
  ["AccountSid", project],
  ["CallSid", call],
  ["Digits", "1"],
] as const;

const virtual = rotation();
const put = (...signingKeys: string[]) =>
  virtual.put(prefix + project, { space: "example.signalwire.com", apiToken: "PT-made-up", signingKeys });

describe("the signing key is replaced under 50 requests a second", () => {
  test.each(situations)(
    "%s: none that is valid is refused, none by the old key is taken once it is withdrawn",
    async (_, isBusy) => {
      await put(older);
      const doors = environments.map(() =>
        bench(undefined, {}, { keys: projectSecrets(prefix, virtual.ports()), now: virtual.now }),
      );
      const found = await replaceKey(virtual, {
        isBusy,
        send: async (environment, who) => {
          const signature = signForm(keys[who], origin + path, form);
          return (await doors[environment]?.postForm(path, form, signature))?.statusCode ?? 0;
        },
        list: (...who) => put(...who.map((one) => keys[one])),
      });
      expect(found).toEqual(isBusy ? asOfTenSeconds(200, 403) : asOfFiveMinutes(200, 403));
    },
  );
});
