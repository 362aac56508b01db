import { describe, expect, test } from "vitest";
import * as documented from "./documented.ts";
import { apiToken, basic, ManualClock, running } from "./running.ts";

async function recorded(random?: () => number) {
  const clock = new ManualClock();
  const all = await running({ clock, ...(random && { random }) });
  const { conference, recordings } = all.simulator.addConference();
  const path = `Conferences/${conference}/Recordings/${recordings[0]}`;
  const misbehave = async (misbehaviour: object) => {
    const answer = await all.control("POST", "misbehaviours", misbehaviour);
    expect([answer.status, answer.text]).toEqual([200, expect.stringContaining('"id"')]);
  };
  const update = (Status = "paused") => all.rest(path, { Status });
  const status = async () => (await all.control("GET", `recordings/${recordings[0]}`)).body.status;
  return { ...all, clock, conference, path, misbehave, update, status };
}

/** Lets requests that are under way arrive. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

describe("answers that are failures", () => {
  test.each([
    [{ kind: "503" }, 503, documented.errorObject],
    [{ kind: "500" }, 500, documented.errorObject],
    [{ kind: "429", retryAfter: 2 }, 429, documented.errorObject],
    [{ kind: "400", code: 21220 }, 400, documented.errorObject],
    [{ kind: "401" }, 401, documented.errorObject],
    [{ kind: "403" }, 403, documented.errorObject],
    [{ kind: "404" }, 404, documented.errorObject],
    [{ kind: "422" }, 422, documented.errorTexts],
  ])("%j: nothing is done", async (misbehaviour, expected, shape) => {
    const { misbehave, update, status } = await recorded();
    await misbehave(misbehaviour);
    const answer = await update();
    expect(answer.status).toBe(expected);
    expect(documented.problems(answer.body, shape)).toEqual([]);
    expect(await status()).toBe("in-progress");
  });

  test("429 says when to come again only if told to", async () => {
    const { misbehave, update } = await recorded();
    await misbehave({ kind: "429", retryAfter: 2, times: 1 });
    await misbehave({ kind: "429", times: 1 });
    expect((await update()).headers.get("retry-after")).toBe("2");
    expect((await update()).headers.get("retry-after")).toBeNull();
  });

  test("503 can be without a body, 502 is a proxy's page, garbage is no JSON", async () => {
    const { misbehave, update } = await recorded();
    await misbehave({ kind: "503", body: "empty", times: 1 });
    await misbehave({ kind: "html502", times: 1 });
    await misbehave({ kind: "garbage", times: 1 });
    const answers = [await update(), await update(), await update()];
    expect(answers.map(({ status, headers }) => [status, headers.get("content-type")])).toEqual([
      [503, null],
      [502, "text/html"],
      [200, "application/json"],
    ]);
    expect(answers[0]?.text).toBe("");
    expect(() => JSON.parse(answers[2]?.text ?? "{}")).toThrow();
  });

  test.each([{ kind: "503" }, { kind: "500" }, { kind: "html502" }, { kind: "garbage" }])(
    "%j with applied: what was asked for is done all the same",
    async (misbehaviour) => {
      const { misbehave, update, status } = await recorded();
      await misbehave({ ...misbehaviour, applied: true });
      await update();
      expect(await status()).toBe("paused");
    },
  );
});

describe("connections", () => {
  test.each([
    [{ kind: "reset" }, "in-progress"],
    [{ kind: "reset", applied: true }, "paused"],
  ])("%j: no answer comes, and the recording is %s", async (misbehaviour, expected) => {
    const { misbehave, update, status } = await recorded();
    await misbehave(misbehaviour);
    await expect(update()).rejects.toThrow("fetch failed");
    expect(await status()).toBe(expected);
  });

  test.each([
    [{ kind: "drop" }, "in-progress"],
    [{ kind: "drop", applied: true }, "paused"],
  ])(
    "%j: nothing is answered for as long as one waits, and the recording is %s",
    async (misbehaviour, expected) => {
      const { misbehave, restAs, path, status, simulator } = await recorded();
      await misbehave(misbehaviour);
      const leaving = new AbortController();
      const body = new URLSearchParams({ Status: "paused" });
      const headers = { authorization: basic(apiToken) };
      const asked = restAs({ method: "POST", headers, body, signal: leaving.signal }, path);
      const given = expect(asked).rejects.toThrow("aborted");
      await until(() => simulator.requests.all().length === 1);
      expect(await status()).toBe(expected);
      leaving.abort();
      await given;
      expect(simulator.requests.all()[0]?.status).toBeNull();
    },
  );
});

describe("lies and delays", () => {
  test("lying claims the status that was asked for and does nothing", async () => {
    const { misbehave, update, rest, path } = await recorded();
    await misbehave({ kind: "lying", times: 1 });
    const answer = await update();
    expect([answer.status, answer.body.status]).toEqual([200, "paused"]);
    expect(documented.problems(answer.body, documented.conferenceRecording)).toEqual([]);
    expect((await rest(path)).body.status).toBe("in-progress");
    expect((await update()).body.status).toBe("paused");
    expect((await rest(path)).body.status).toBe("paused");
  });

  test("lying can show the unchanged status under a 200", async () => {
    const { misbehave, update } = await recorded();
    await misbehave({ kind: "lying", claims: "unchanged" });
    const answer = await update();
    expect([answer.status, answer.body.status]).toEqual([200, "in-progress"]);
  });

  test.each([
    ["asked", "paused"],
    ["unchanged", "in-progress"],
  ])("late, answering %s, shows %s at once and is done only later", async (answer, shown) => {
    const { misbehave, update, status, clock } = await recorded();
    await misbehave({ kind: "late", ms: 300, answer });
    expect((await update()).body.status).toBe(shown);
    await clock.advance(299);
    expect(await status()).toBe("in-progress");
    await clock.advance(1);
    expect(await status()).toBe("paused");
  });

  test("late without an answer is done after the client has gone", async () => {
    const { misbehave, restAs, path, status, clock } = await recorded();
    await misbehave({ kind: "late", ms: 300, answer: "none" });
    const leaving = new AbortController();
    const body = new URLSearchParams({ Status: "paused" });
    const headers = { authorization: basic(apiToken) };
    const asked = restAs({ method: "POST", headers, body, signal: leaving.signal }, path);
    const given = expect(asked).rejects.toThrow("aborted");
    await until(() => clock.sleeping === 1);
    leaving.abort();
    await given;
    await clock.advance(300);
    expect(await status()).toBe("paused");
  });

  test("slow waits before the request is carried out, or before it is answered", async () => {
    const { misbehave, update, status, clock } = await recorded();
    await misbehave({ kind: "slow", ms: 500, times: 1 });
    const before = update();
    await until(() => clock.sleeping === 1);
    expect(await status()).toBe("in-progress");
    await clock.advance(500);
    expect((await before).body.status).toBe("paused");

    await misbehave({ kind: "slow", ms: 500, when: "after", times: 1 });
    const after = update("in-progress");
    await until(() => clock.sleeping === 1);
    expect(await status()).toBe("in-progress");
    await clock.advance(500);
    expect((await after).status).toBe(200);
  });

  test("slow adds to what else goes wrong", async () => {
    const { misbehave, update, clock } = await recorded();
    await misbehave({ kind: "slow", ms: 200 });
    await misbehave({ kind: "slow", ms: 300 });
    await misbehave({ kind: "503" });
    const answer = update();
    await until(() => clock.sleeping === 1);
    await clock.advance(499);
    expect(clock.sleeping).toBe(1);
    await clock.advance(1);
    expect((await answer).status).toBe(503);
  });

  test("a new recording starts while another is being paused", async () => {
    const { misbehave, update, rest, conference } = await recorded();
    await misbehave({ kind: "new-recording", times: 1 });
    await update();
    const { body } = await rest(`Conferences/${conference}/Recordings`);
    expect(body.recordings.map((one: { status: string }) => one.status)).toEqual(["in-progress", "paused"]);
  });
});

describe("which requests misbehaviours meet", () => {
  test("as many as told, then all is well", async () => {
    const { misbehave, update, control } = await recorded();
    await misbehave({ kind: "503", times: 2 });
    expect((await control("GET", "misbehaviours")).body).toEqual([
      { id: 1, timesLeft: 2, misbehaviour: { kind: "503", times: 2 } },
    ]);
    const statuses = [await update(), await update(), await update()].map(({ status }) => status);
    expect(statuses).toEqual([503, 503, 200]);
    expect((await control("GET", "misbehaviours")).body).toEqual([]);
  });

  test("the first that fits decides, and only it has one time less", async () => {
    const { misbehave, update } = await recorded();
    await misbehave({ kind: "503", times: 1 });
    await misbehave({ kind: "404", times: 1 });
    expect([(await update()).status, (await update()).status, (await update()).status]).toEqual([
      503, 404, 200,
    ]);
  });

  test("those of a method, a path, a status asked for", async () => {
    const { misbehave, update, rest, path } = await recorded();
    await misbehave({ kind: "500", match: { method: "^post$", status: "in-progress" } });
    await misbehave({ kind: "404", match: { method: "GET", path: "Recordings/[^/]+$" } });
    await misbehave({ kind: "429", match: { path: "Status=in-progress" } });
    expect((await update("paused")).status).toBe(200);
    expect((await update("in-progress")).status).toBe(500);
    expect((await rest(path)).status).toBe(404);
    expect((await rest("Conferences")).status).toBe(200);
    expect((await rest("Conferences?Status=in-progress")).status).toBe(429);
  });

  test("lying and late meet updates of recordings alone", async () => {
    const { misbehave, rest, conference, update, status } = await recorded();
    await misbehave({ kind: "lying", times: 1 });
    await rest(`Conferences/${conference}`);
    await rest(`Conferences/${conference}/Recordings`);
    await update();
    expect(await status()).toBe("in-progress");
  });

  test("with a probability, some", async () => {
    const draws = [0.4, 0.6, 0.49, 0.5];
    const { misbehave, update } = await recorded(() => draws.shift() ?? 1);
    await misbehave({ kind: "503", probability: 0.5 });
    const statuses = [await update(), await update(), await update(), await update()].map(
      ({ status }) => status,
    );
    expect(statuses).toEqual([503, 200, 503, 200]);
  });

  test("none after they were deleted", async () => {
    const { misbehave, update, control } = await recorded();
    await misbehave({ kind: "503" });
    await control("DELETE", "misbehaviours");
    expect((await update()).status).toBe(200);
  });

  test.each([
    [{ kind: "sulking" }],
    [{ kind: "slow" }],
    [{ kind: "late", ms: -1 }],
    [{ kind: "503", times: 0 }],
    [{ kind: "503", match: { path: "(" } }],
    [{ kind: "503", matches: {} }],
  ])("%j is refused", async (misbehaviour) => {
    const { control } = await running();
    expect((await control("POST", "misbehaviours", misbehaviour)).status).toBe(400);
  });
});
