import { expect, test } from "vitest";
import { notedSimulators } from "../../infra/local/simulator/whereabouts.ts";
import { project, running } from "./running.ts";

test("a simulator is noted as long as it runs", async () => {
  const { simulator } = await running();
  const noted = () => notedSimulators().filter(({ url }) => url === simulator.url);
  expect(noted()).toMatchObject([{ url: simulator.url, project }]);
  await simulator.close();
  expect(noted()).toEqual([]);
});

test("one that crashed can be forgotten", async () => {
  const { simulator } = await running();
  const noted = () => notedSimulators().filter(({ url }) => url === simulator.url);
  for (const { forget } of noted()) forget();
  expect(noted()).toEqual([]);
});
