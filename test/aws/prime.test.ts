import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { environments, readConfig } from "../../functions/config.ts";
import { createWiring } from "../../functions/wiring.ts";

let close = () => {};
afterEach(() => close());

test("initialisation is over within two seconds where nothing of AWS answers", async () => {
  const server = createServer(() => undefined);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  close = () => {
    server.close();
    server.closeAllConnections();
  };
  const variables = {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    HOLDFAST_LEDGER_TABLE: "ledger",
    HOLDFAST_CHECK_QUEUE_URL: "http://127.0.0.1/000000000000/checks",
    HOLDFAST_SIGNALWIRE_SECRETS: "holdfast/test/signalwire/",
    HOLDFAST_PROJECTS: "b3877c40-da60-4998-90ad-b792e98472af",
  };
  const { prime } = createWiring("check", readConfig(environments.check, variables), variables);
  const started = performance.now();
  await prime();
  const took = performance.now() - started;
  expect(took).toBeLessThan(2_000);
}, 10_000);
