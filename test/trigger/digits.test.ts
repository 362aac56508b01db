import { describe, expect, test } from "vitest";
import { createHandleCommand } from "../../functions/command/handle-command.ts";
import type { Outcome } from "../../functions/recording/outcome.ts";
import type { TelephonyPorts } from "../../functions/trigger/telephony-ports.ts";
import {
  bench,
  call,
  conference,
  done,
  inConference,
  inRoom,
  key,
  linkIn,
  now,
  project,
} from "../fixtures/telephony-bench.ts";
import { createBench, first, ref, second } from "../flow/bench.ts";

const notConfirmed: Outcome = { kind: "unavailable", why: "ledger" };
const ivr = { redirectOrigins: ["https://ivr.example"] };
const gate = `${inConference}&then=${encodeURIComponent("https://ivr.example/card")}&else=${encodeURIComponent("https://ivr.example/agent")}`;

describe("the form of a key press", () => {
  test.each([
    ["1", "place-hold"],
    ["1#", "place-hold"],
    ["2#", "release-hold"],
  ])("%j is understood with the key that ended the input and without", async (Digits, type) => {
    const { post, commands } = bench();
    await post(inRoom, { Digits });
    expect(commands.map(({ operation }) => operation.type)).toEqual([type]);
  });

  test.each(["#", "##", "*", "1*", "#1", "1 ", " 1", "01", "1.0", "pause", "__proto__", "toString"])(
    "%j is no choice and changes nothing",
    async (Digits) => {
      const { post, commands } = bench();
      const { body } = await post(inRoom, { Digits });
      expect(commands).toEqual([]);
      expect(body).toContain("<Gather ");
    },
  );

  test("a Gather that ended without a key asks again and then goes back to the room", async () => {
    const { post, commands } = bench();
    for (const fields of [{}, { Digits: "" }]) {
      const { body } = await post(inRoom, fields);
      expect(body).toMatch(/<Response><Gather .*<\/Gather><Dial .*<\/Dial><\/Response>/);
    }
    expect(commands).toEqual([]);
  });

  test("digits that stand there twice are none", async () => {
    const { postForm, commands } = bench();
    const form = Object.entries({ AccountSid: project, CallSid: call, Digits: "1" });
    await postForm(inRoom, [...form, ["Digits", "1"]]);
    expect(commands).toEqual([]);
  });

  test("ids in upper case mean the same as in lower case", async () => {
    const { post, commands } = bench();
    const upper = { AccountSid: project.toUpperCase(), CallSid: call.toUpperCase(), Digits: "1" };
    await post(inConference, { Digits: "1" });
    await post(`/telephony/digits?conference=${conference.toUpperCase()}`, upper);
    expect(commands[1]).toEqual(commands[0]);
    expect(commands[0]).toMatchObject({
      project,
      target: { conference },
      operation: { hold: `call:${call}` },
    });
  });

  test("a call that is none is answered with the warning", async () => {
    const { post, commands } = bench();
    const { body } = await post(inRoom, { CallSid: "CA123", Digits: "1" });
    expect([commands, body.includes("Do not take card details now.")]).toEqual([[], true]);
  });
});

describe("a form that SignalWire sends twice", () => {
  const twice = () => {
    const flow = createBench({ [first]: "in-progress", [second]: "in-progress" });
    const handleCommand = createHandleCommand(flow.ports);
    const { post } = bench(undefined, {}, { handleCommand, projects: [ref.project], now: flow.ports.now });
    const url = `/telephony/digits?conference=${ref.conference}`;
    const press = async (Digits: string) => {
      flow.clock.now += 1_000;
      const once = () => post(url, { AccountSid: ref.project, Digits });
      return (await Promise.all([once(), once()])).map(({ body }) => /<Say[^>]*>(.*)<\/Say>/.exec(body)?.[1]);
    };
    return { flow, press };
  };

  test("pauses once and says both times that it is paused", async () => {
    const { flow, press } = twice();
    expect(await press("1")).toEqual(["The recording is paused.", "The recording is paused."]);
    expect((await flow.facts()).filter((type) => type === "hold-placed")).toHaveLength(1);
  });

  test("resumes each recording once and says both times that it runs", async () => {
    const { flow, press } = twice();
    await press("1");
    expect(await press("2")).toEqual(["The recording is running again.", "The recording is running again."]);
    expect(flow.signalwire.sent.filter((sent) => sent.endsWith("in-progress"))).toHaveLength(2);
    expect([...flow.signalwire.recordings.values()].map(({ status }) => status)).toEqual([
      "in-progress",
      "in-progress",
    ]);
  });

  test("stops once and says both times that it is stopped", async () => {
    const { flow, press } = twice();
    expect(await press("3")).toEqual(["The recording is stopped.", "The recording is stopped."]);
    expect((await flow.facts()).filter((type) => type === "stop-ordered")).toHaveLength(1);
  });
});

describe("the menu", () => {
  const menuWith = async (digits: object) => {
    const { post } = bench(undefined, { digits });
    return (await post("/telephony/join?room=support&role=control")).body;
  };

  test.each([
    [{ 7: "pause" }, "Press 7 to pause the recording."],
    [{ 1: "stop", 5: "resume", 9: "pause" }, "Press 9 to pause the recording, 5 to resume it, 1 to stop it."],
    [{ "*": "pause", "#": "resume" }, "Press star to pause the recording, pound to resume it."],
    [{ 1: "pause", 2: "pause" }, "Press 1 to pause the recording, 2 to pause it."],
  ])("of %j names these keys", async (digits, text) => {
    expect(await menuWith(digits)).toContain(`>${text}</Say>`);
  });

  test("takes the pound key for a choice where it is one", async () => {
    expect(await menuWith({ 1: "pause" })).not.toContain("finishOnKey");
    expect(await menuWith({ "#": "pause" })).toContain('finishOnKey="*"');
    expect(await menuWith({ "#": "pause", "*": "resume" })).toContain('finishOnKey="0"');
  });
});

describe("a control line", () => {
  const line = "/telephony/join?room=support&role=control";

  test("is asked for a key, again and again, and never enters the room", async () => {
    const { post, commands } = bench();
    const { body } = await post(line);
    expect(body).toMatch(
      /<Response><Gather numDigits="1".* timeout="60".*<\/Gather><Redirect method="POST">/,
    );
    const again = /<Redirect method="POST">([^<]+)</.exec(body)?.[1]?.replaceAll("&amp;", "&") ?? "";
    const onceMore = await post(again.replace("https://hooks.example.com", ""));
    expect(onceMore.body).toBe(body);
    const pressed = await post(linkIn(body), { Digits: "1" });
    expect(pressed.body).toMatch(/>The recording is paused\.<\/Say><Gather .*<Redirect /);
    expect(body + pressed.body).not.toContain("<Dial");
    expect(commands).toMatchObject([
      { target: { by: "room", room: "support" }, operation: { type: "place-hold" } },
    ]);
  });

  test("in the customer's own document has the menu behind each answer", async () => {
    const { body } = await bench().post(`${inRoom}&role=control`, { Digits: "2" });
    expect(body).toContain("<Gather ");
    expect(body).not.toContain("<Dial");
  });
});

describe("the gate of a payment IVR", () => {
  const goes = (body: string) => /<Redirect method="POST">([^<]+)<\/Redirect>/.exec(body)?.[1];

  test.each<[string, Record<string, string>, Outcome, string]>([
    ["a confirmed pause", { Digits: "1" }, done(), "card"],
    ["a pause that is not confirmed", { Digits: "1" }, notConfirmed, "agent"],
    ["a confirmed pause that is not safe", { Digits: "1" }, done({ safeToCollect: false }), "agent"],
    ["a resume", { Digits: "2" }, done({ wanted: "in-progress" }), "agent"],
    ["a stop", { Digits: "3" }, done({ wanted: "stopped" }), "agent"],
    ["a key that means nothing", { Digits: "9" }, done(), "agent"],
    ["no key", {}, done(), "agent"],
    ["a card number", { Digits: "4111111111111111" }, done(), "agent"],
    ["a call that is none", { Digits: "1", CallSid: "x" }, done(), "agent"],
  ])("after %s leads to the right document", async (_name, fields, outcome, document) => {
    const { post } = bench(async () => outcome, ivr);
    expect(goes((await post(gate, fields)).body)).toBe(`https://ivr.example/${document}`);
  });

  test("that names no document for what came of it says what is true, and raises no alarm", async () => {
    const onlyThen = gate.replace(/&else=.*/, "");
    const { post, alarms } = bench(async () => notConfirmed, ivr);
    expect((await post(onlyThen, { Digits: "1" })).body).toContain("Do not take card details now.");
    expect(alarms).toEqual([]);
  });

  test.each([
    ["https://ivr.example\\@evil.example/card", "https://ivr.example/@evil.example/card"],
    ["https:/\\ivr.example/card", "https://ivr.example/card"],
    ["https://ivr.example/a\n\tb", "https://ivr.example/ab"],
    ["HTTPS://IVR.EXAMPLE:443/card?x=1#y", "https://ivr.example/card?x=1#y"],
  ])("writes %j as one parser only can read it", async (given, written) => {
    const url = `${inConference}&then=${encodeURIComponent(given)}`;
    expect(goes((await bench(undefined, ivr).post(url, { Digits: "1" })).body)).toBe(written);
  });
});

describe("where a call goes once it was answered", () => {
  test("a conference that the URL names by its id is asked for its name", async () => {
    const asked: unknown[] = [];
    const roomOf: TelephonyPorts["roomOf"] = async (ref, deadline) => {
      asked.push(ref, deadline - now);
      return "Sales & support";
    };
    const { post } = bench(undefined, {}, { roomOf });
    const { body } = await post(inConference, { Digits: "1" });
    expect(body).toContain(">The recording is paused.</Say><Dial ");
    expect(body).toContain(">Sales &amp; support</Conference>");
    expect(asked).toEqual([{ project, conference }, 4_000]);
    expect((await post(inConference, { Digits: "9" })).body).toContain("<Gather ");
  });

  test("the name is asked for behind the pause and beside the rest of it", async () => {
    const order: string[] = [];
    let ask = () => {};
    const asked = new Promise<void>((resolve) => {
      ask = resolve;
    });
    const { post } = bench(
      async () => {
        order.push("pause");
        await asked;
        order.push("paused");
        return done();
      },
      {},
      {
        sleep: (ms) => (ms < 1_000 ? Promise.resolve() : new Promise(() => {})),
        roomOf: async () => {
          order.push("name");
          ask();
          return "support";
        },
      },
    );
    expect((await post(inConference, { Digits: "1" })).body).toContain(">support</Conference>");
    expect(order).toEqual(["pause", "name", "paused"]);
  });

  test("one whose name cannot be had ends the document behind what is true", async () => {
    const { post } = bench(undefined, {}, { roomOf: () => Promise.reject(new Error("no answer")) });
    expect((await post(inConference, { Digits: "1" })).body).toMatch(
      />The recording is paused\.<\/Say><\/Response>$/,
    );
  });

  test.each([
    ["a caller who says so", `${inRoom}&role=caller`],
    ["a caller whose role is none", `${inRoom}&role=admin`],
    [
      "whoever pays at a gate without an else",
      `${inRoom}&then=${encodeURIComponent("https://ivr.example/card")}`,
    ],
    [
      "whoever pays at a gate that leads nowhere",
      `${inRoom}&else=${encodeURIComponent("https://evil.example/")}`,
    ],
  ])("%s goes into the room without a star, whatever was pressed", async (_name, url) => {
    for (const Digits of ["1", "2", "9", "4111111111111111"]) {
      const { body } = await bench(async () => notConfirmed, ivr).post(url, { Digits });
      expect(body).toMatch(
        /<Response><Say [^>]*>[^<]+<\/Say><Dial><Conference .*>support<\/Conference><\/Dial>/,
      );
    }
  });

  test("at a gate an agent who is named keeps the star", async () => {
    const url = `${inRoom}&role=agent&then=${encodeURIComponent("https://ivr.example/card")}`;
    expect((await bench(async () => notConfirmed, ivr).post(url, { Digits: "1" })).body).toContain(
      "hangupOnStar",
    );
  });
});

describe("while nobody can prove to be SignalWire, because the signing keys cannot be had", () => {
  const withoutKeys = () => {
    const keys = () => Promise.reject(new Error("no answer"));
    return bench(undefined, ivr, { keys: { project: keys, projectAgain: keys } });
  };

  test.each([
    "/telephony/join?room=A%26B&role=agent",
    "/telephony/menu?room=A%26B",
    "/telephony/digits?room=A%26B",
  ])(
    "%s is answered with the warning and the way into the room, without a star, and nothing is done",
    async (url) => {
      const { post, commands } = withoutKeys();
      const { statusCode, body } = await post(url, { Digits: "1" });
      expect(statusCode).toBe(200);
      expect(body).toMatch(/Do not take card details now\.<\/Say><Dial><Conference .*>A&amp;B<\/Conference>/);
      expect(commands).toEqual([]);
    },
  );

  test("a gate leads to its else, and only to where the owner allowed it", async () => {
    expect((await withoutKeys().post(gate, { Digits: "1" })).body).toContain(">https://ivr.example/agent<");
    const { body } = await withoutKeys().post(`${inRoom}&else=https%3A%2F%2Fevil.example%2F`, {
      Digits: "1",
    });
    expect(body).not.toContain("evil.example");
  });

  test("a control line stays out of the room", async () => {
    const { body } = await withoutKeys().post(`${inRoom}&role=control`, { Digits: "1" });
    expect(body).toMatch(/<Response><Say [^>]*>[^<]*card details now\.<\/Say><\/Response>$/);
  });

  test("a callback is to be sent again", async () => {
    expect(await withoutKeys().post("/telephony/events", {})).toMatchObject({ statusCode: 503, body: "" });
  });

  test("a project that is not ours is 403, as ever", async () => {
    const { statusCode } = await withoutKeys().post(inRoom, { AccountSid: conference, Digits: "1" });
    expect(statusCode).toBe(403);
  });
});

describe("while the key of our own URLs cannot be had", () => {
  const withoutKey = (outcome?: () => Promise<Outcome>) =>
    bench(outcome, ivr, { link: () => Promise.reject(new Error("no answer")) });

  test("a key press pauses all the same, and the agent goes back without a star", async () => {
    const { post, commands } = withoutKey();
    const { body } = await post(inRoom, { Digits: "1" });
    expect(commands).toHaveLength(1);
    expect(body).toContain(">The recording is paused.</Say><Dial><Conference ");
  });

  test("the gate stands", async () => {
    expect((await withoutKey().post(gate, { Digits: "1" })).body).toContain("https://ivr.example/card<");
  });

  test("an agent whose star led to the menu goes back into the room", async () => {
    const menu = linkIn((await bench().post("/telephony/join?room=support&role=agent")).body);
    const { body } = await withoutKey().post(menu);
    expect(body).toContain(">support</Conference>");
    expect(body).not.toContain("<Gather");
  });

  test("a menu's answer, which nobody can prove, changes nothing", async () => {
    const menu = linkIn((await bench().post("/telephony/join?room=support&role=agent")).body);
    const digits = linkIn((await bench().post(menu)).body);
    const { post, commands } = withoutKey();
    expect((await post(digits, { Digits: "2" })).body).toContain(">Nothing was changed.</Say><Dial>");
    expect(commands).toEqual([]);
  });

  test("callbacks are taken", async () => {
    const { post, callbacks } = withoutKey();
    expect((await post("/telephony/events", { ConferenceSid: conference })).statusCode).toBe(204);
    expect(callbacks).toHaveLength(1);
  });
});

test("a key press that is repeated within its fifteen minutes is the same command", async () => {
  const { post, commands } = bench();
  const menu = linkIn((await post("/telephony/join?room=support&role=agent")).body);
  const digits = linkIn((await post(menu)).body);
  await post(digits, { Digits: "1" });
  await post(digits, { Digits: "1" });
  expect(commands[1]).toEqual(commands[0]);
  expect(JSON.stringify(commands)).not.toContain(key);
});

describe("a stop by a URL that we did not render", () => {
  const over = { isCallOver: async () => true };

  test("does nothing once its call is over: the form has no expiry, and the room may be another call's", async () => {
    const { post, commands } = bench(undefined, {}, over);
    expect((await post(inRoom, { Digits: "3" })).body).toContain("could not be stopped");
    expect(commands).toEqual([]);
  });

  test("is carried out while its call goes on, and where SignalWire does not say in time", async () => {
    for (const isCallOver of [async () => false, () => new Promise<boolean>(() => {})]) {
      const { post, commands, wake } = bench(async () => done({ wanted: "stopped" }), {}, { isCallOver });
      const posting = post(inRoom, { Digits: "3" });
      wake();
      await posting;
      expect(commands).toHaveLength(1);
    }
  });

  test("is the only thing that waits for that", async () => {
    const { post, commands } = bench(undefined, {}, over);
    await post(inRoom, { Digits: "1" });
    await post(inRoom, { Digits: "2" });
    const joined = await post("/telephony/join?room=support&role=agent");
    await post(linkIn((await post(linkIn(joined.body))).body), { Digits: "3" });
    expect(commands.map(({ operation }) => operation.type)).toEqual(["place-hold", "release-hold", "stop"]);
  });
});
