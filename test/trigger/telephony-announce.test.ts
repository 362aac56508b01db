import { describe, expect, test } from "vitest";
import type { TelephonyPorts } from "../../functions/trigger/telephony-ports.ts";
import { bench, done, inConference, inRoom, now, origin } from "../fixtures/telephony-bench.ts";

const wanted = { announce: true };
type Announce = TelephonyPorts["announce"];
const forever = new Promise<never>(() => undefined);

function announcing(announce: Announce, policy: object = wanted, more: Partial<TelephonyPorts> = {}) {
  return bench(async () => done(), policy, { announce, ...more });
}

describe("the announcement of a confirmed pause", () => {
  test("is asked for before the answer, with a URL of our own that says it", async () => {
    const asked: { urls: readonly string[]; deadline: number; type: string; kind: string }[] = [];
    const { post } = announcing(async (command, outcome, { urlOf, deadline }) => {
      const urls = [urlOf("paused"), urlOf("resumed")];
      asked.push({ urls, deadline, type: command.operation.type, kind: outcome.kind });
    });
    await post(inRoom, { Digits: "1" });
    expect(asked).toMatchObject([{ deadline: now + 500, type: "place-hold", kind: "done" }]);
    const [paused = "", resumed = ""] = asked[0]?.urls ?? [];
    expect((await post(paused.replace(origin, ""), { CallStatus: "" })).body).toBe(
      '<?xml version="1.0" encoding="UTF-8"?><Response><Say language="en-US">The recording is paused.</Say></Response>',
    );
    expect((await post(resumed.replace(origin, ""))).body).toContain(
      ">The recording is running again.</Say>",
    );
  });

  test("is not asked for where the policy does not want it", async () => {
    let asked = 0;
    const { post } = announcing(async () => {
      asked += 1;
    }, {});
    await post(inRoom, { Digits: "1" });
    expect(asked).toBe(0);
  });

  test("that fails changes nothing in the answer", async () => {
    const plain = await announcing(async () => undefined).post(inConference, { Digits: "1" });
    const failing = await announcing(() => Promise.reject(new Error("no"))).post(inConference, {
      Digits: "1",
    });
    expect(failing).toEqual(plain);
    expect(plain.body).toContain("The recording is paused.");
  });

  test("that never ends holds the answer up for half a second", async () => {
    const slept: number[] = [];
    const sleep = async (ms: number) => {
      slept.push(ms);
      if (ms === 4_000) await forever;
    };
    const { post } = announcing(() => forever, wanted, { sleep });
    expect((await post(inRoom, { Digits: "1" })).body).toContain("The recording is paused.");
    expect(slept).toEqual([4_000, 4_000, 500]);
  });

  test("has no more time than is left of the answer's four seconds, and is left out where none is", async () => {
    const deadlines: number[] = [];
    const answeredAfter = (ms: number) => {
      let time = now;
      const handleCommand = async () => {
        time += ms;
        return done();
      };
      const announce: Announce = async (_command, _outcome, { deadline }) => void deadlines.push(deadline);
      return announcing(announce, wanted, { handleCommand, now: () => time }).post(inRoom, { Digits: "1" });
    };
    await answeredAfter(3_800);
    await answeredAfter(4_000);
    expect(deadlines).toEqual([now + 4_000]);
  });

  test("is left out where our own URLs cannot be signed", async () => {
    let asked = 0;
    const announce = async () => {
      asked += 1;
    };
    const { post } = announcing(announce, wanted, { link: () => Promise.reject(new Error("no answer")) });
    expect((await post(inConference, { Digits: "1" })).body).toContain("The recording is paused.");
    expect(asked).toBe(0);
  });

  test("is heard in the owner's own words", async () => {
    let url = "";
    const texts = { "announce-paused": "Ihre Kartendaten werden nicht aufgezeichnet." };
    const { post } = announcing(
      async (_command, _outcome, { urlOf }) => {
        url = urlOf("paused");
      },
      { announce: true, texts, language: "de-DE" },
    );
    await post(inRoom, { Digits: "1" });
    expect((await post(url.replace(origin, ""))).body).toContain(
      '<Say language="de-DE">Ihre Kartendaten werden nicht aufgezeichnet.</Say>',
    );
  });
});

test.each(["/telephony/menu?announce=paused", "/telephony/menu?announce=paused&exp=9999999999&mac=x"])(
  "%s, which is not ours, says nothing",
  async (path) => {
    expect((await bench().post(path)).body).toBe('<?xml version="1.0" encoding="UTF-8"?><Response/>');
  },
);
