import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { environments, readConfig } from "../../functions/config.ts";
import { createWiring } from "../../functions/wiring.ts";
import { type Aws, startAws } from "./stand-in.ts";

let aws: Aws;
beforeEach(async () => {
  aws = await startAws("silence");
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
});
afterEach(async () => {
  vi.useRealTimers();
  await aws.close();
});

test("initialisation is over within two seconds where nothing of AWS answers", async () => {
  const variables = {
    AWS_ENDPOINT_URL: aws.endpoint,
    HOLDFAST_LEDGER_TABLE: "ledger",
    HOLDFAST_CHECK_QUEUE_URL: "http://127.0.0.1/000000000000/checks",
    HOLDFAST_SIGNALWIRE_SECRETS: "holdfast/test/signalwire/",
    HOLDFAST_PROJECTS: "b3877c40-da60-4998-90ad-b792e98472af",
  };
  const { prime } = createWiring("check", readConfig(environments.check, variables), variables);
  const over = vi.fn();
  void prime().then(over);
  await vi.advanceTimersByTimeAsync(500);
  expect(over).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1_500);
  expect(over).toHaveBeenCalled();
});
