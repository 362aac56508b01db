import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { conferenceSid, projectId, recordingSid } from "../../functions/recording/ids.ts";
import { projectSecrets } from "../../functions/secrets.ts";
import { createSignalWire } from "../../functions/signalwire/client.ts";
import { environments, rotation } from "./many-environments.ts";

const project = projectId("b3877c40-da60-4998-90ad-b792e98472af");
const ref = { project, conference: conferenceSid("43bb71ee-553f-4074-bb20-8e2747647cce") };
const recording = { sid: recordingSid("19e436af-5688-4307-b03b-bdb2b42b8142") };
const prefix = "holdfast/test/signalwire/";

const virtual = rotation();
/** SignalWire: which tokens are good, and how often another was shown. */
let good: Set<string>;
let refused: number;
let server: Server;
let space: string;
beforeEach(async () => {
  good = new Set(["PT-older"]);
  refused = 0;
  server = createServer((request, response) => {
    const [, token] = Buffer.from(request.headers.authorization?.slice(6) ?? "", "base64")
      .toString()
      .split(":");
    const isGood = good.has(token ?? "");
    if (!isGood) refused += 1;
    response.writeHead(isGood ? 200 : 401, { "content-type": "application/json" });
    response.end(isGood ? '{"status":"paused"}' : "{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  space = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const put = (apiToken: string) =>
  virtual.put(prefix + project, { space, apiToken, signingKeys: ["PSK_made-up"] });

/** A process, with what it last read of the token. */
function process() {
  const alarms: string[] = [];
  const credentials = projectSecrets(prefix, virtual.ports());
  const signalwire = createSignalWire({
    credentials,
    now: virtual.now,
    sleep: async () => undefined,
    random: () => 1,
    alarm: (name) => alarms.push(name),
  });
  return { alarms, credentials, signalwire };
}

describe("SignalWire's API token is replaced under 50 pauses a second", () => {
  test.each([
    ["while all that comes in is valid", false],
    ["while a stranger's signatures have the secret read all the time", true],
  ])("%s: every pause is accepted, and each process shows the old token once", async (_, isBusy) => {
    await put("PT-older");
    const processes = environments.map(process);
    const outcomes: Record<string, number> = {};
    const pause = async (environment: number, tick: number) => {
      const { signalwire, credentials } = processes[environment] as ReturnType<typeof process>;
      if (isBusy && tick % 10 === 0) await credentials.projectAgain(project);
      const { kind } = await signalwire.update(ref, recording, {
        to: "paused",
        attempts: "repeat",
        deadline: virtual.now() + 3_000,
      });
      outcomes[kind] = (outcomes[kind] ?? 0) + 1;
    };
    await virtual.run({ from: 0, to: 60 }, pause, {
      10: () => void good.add("PT-newer"),
      20: () => put("PT-newer"),
      30: () => void good.delete("PT-older"), // ten seconds after the secret has the newer one
    });
    expect(outcomes).toEqual({ accepted: 60 * 50 });
    expect(refused).toBe(isBusy ? 0 : environments.length);
    expect(processes.flatMap(({ alarms }) => alarms)).toEqual([]);
  });

  test("a resume, which is sent once, is refused once, and goes with the new token then", async () => {
    await put("PT-older");
    const { signalwire, alarms } = process();
    const resume = { to: "in-progress", attempts: "once", deadline: virtual.now() + 3_000 } as const;
    expect(await signalwire.update(ref, recording, resume)).toMatchObject({ kind: "accepted" });
    await put("PT-newer");
    good = new Set(["PT-newer"]);
    expect(await signalwire.update(ref, recording, resume)).toEqual({ kind: "refused", httpStatus: 401 });
    // The look that follows each of them.
    await signalwire.look(ref, { callRecordings: false, deadline: resume.deadline }).catch(() => undefined);
    expect(await signalwire.update(ref, recording, resume)).toMatchObject({ kind: "accepted" });
    expect(alarms).toEqual(["signalwire-credentials-refused"]);
  });
});
