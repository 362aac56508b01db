import type { Context } from "aws-lambda";
import { describe, expect, it } from "vitest";
import type { Command } from "../../functions/recording/command.ts";
import { conferenceSid, projectId } from "../../functions/recording/ids.ts";
import type { Outcome, Refusal } from "../../functions/recording/outcome.ts";
import { controlHandler } from "../../functions/trigger/control.ts";
import type { Question } from "../../functions/trigger/control-input.ts";
import type { Delivery } from "../../functions/trigger/delivery.ts";
import type { EvidenceQuestion } from "../../functions/trigger/evidence-input.ts";

const project = projectId("7b5c3c9e-0c1a-4f6b-9a55-2f1f6f1e8a01");
const conference = conferenceSid("c0ffee00-1111-4222-8333-444455556666");
const arn = "arn:aws:lambda:eu-west-1:123456789012:function:holdfast-prod-control";
const now = 1_795_448_760_000;
const done: Outcome = {
  kind: "done",
  answer: {
    conference,
    wanted: "paused",
    confirmed: true,
    safeToCollect: true,
    recordings: [],
    holds: [],
    position: 4,
  },
};

type Setup = { outcome?: Outcome; arn?: string; handleCommand?: (command: Command) => Promise<Outcome> };

/** Invokes the function once; an answer or an error, and what it was told to do on the way. */
async function invoke(event: unknown, setup: Setup = {}) {
  const commands: Command[] = [];
  const questions: [string, Question][] = [];
  const evidence: EvidenceQuestion[] = [];
  const deliveries: Delivery[] = [];
  const ask = (name: string) => async (question: Question) => {
    questions.push([name, question]);
    return setup.outcome ?? { kind: "found" as const, found: { conference, asked: name } };
  };
  const handler = controlHandler({
    projects: [project],
    handleCommand: async (command) => {
      commands.push(command);
      return setup.handleCommand ? setup.handleCommand(command) : (setup.outcome ?? done);
    },
    queries: {
      status: async (question) => {
        questions.push(["status", question]);
        return setup.outcome ?? done;
      },
      ledger: ask("ledger"),
      verify: ask("verify"),
      evidence: async (question) => {
        evidence.push(question);
        return setup.outcome ?? { kind: "found" as const, found: { conferences: [] } };
      },
    },
    now: () => now,
    tell: (delivery) => deliveries.push(delivery),
  });
  const context = { awsRequestId: "req-1", invokedFunctionArn: setup.arn ?? arn } as Context;
  const settled = await handler(event, context).then(
    (answer) => ({ answer, error: undefined }),
    (error: Error) => ({ answer: undefined, error: { name: error.name, message: error.message } }),
  );
  return { ...settled, commands, questions, evidence, deliveries };
}

const pause = { action: "pause", conference, reason: "card-entry", actor: "ops@example.test" };
const resume = { action: "resume", conference, actor: "ops@example.test" };
const stop = { action: "stop", conference, reason: "consent-withdrawn", actor: "ops@example.test" };
const releaseAll = { action: "release-all", conference, reason: "shift-end", actor: "ops@example.test" };
const status = { action: "status", conference };

describe("an action that changes something", () => {
  it("becomes a command, with the operators' hold and the time of receipt unless it says otherwise", async () => {
    const { answer, commands, deliveries } = await invoke(pause);
    expect(answer).toEqual({
      conference: "c0ffee00-1111-4222-8333-444455556666",
      wanted: "paused",
      confirmed: true,
      safeToCollect: true,
      recordings: [],
      holds: [],
      position: 4,
    });
    expect(commands).toEqual([
      {
        project: "7b5c3c9e-0c1a-4f6b-9a55-2f1f6f1e8a01",
        target: { by: "conference", conference: "c0ffee00-1111-4222-8333-444455556666" },
        source: "control",
        operation: {
          type: "place-hold",
          hold: "operator",
          reason: "card-entry",
          time: { at: 1_795_448_760_000, clock: "receipt" },
        },
        cause: { source: "control", request: "req-1", actor: "ops@example.test" },
        receivedAt: 1_795_448_760_000,
      },
    ]);
    expect(deliveries).toEqual([
      {
        route: "control",
        requestId: "req-1",
        durationMs: 0,
        source: "control",
        command: "place-hold",
        project: "7b5c3c9e-0c1a-4f6b-9a55-2f1f6f1e8a01",
        conference: "c0ffee00-1111-4222-8333-444455556666",
        outcome: "done",
        confirmed: true,
        position: 4,
      },
    ]);
  });

  it.each([
    [
      { ...pause, hold: "payment-7", timestamp: "2026-11-23T15:45:00Z", expiresInSeconds: 60 },
      {
        type: "place-hold",
        hold: "payment-7",
        reason: "card-entry",
        time: { at: 1_795_448_700_000, clock: "sender" },
        expiresInSeconds: 60,
      },
    ],
    [resume, { type: "release-hold", hold: "operator", time: { at: 1_795_448_760_000, clock: "receipt" } }],
    [
      { ...resume, hold: "payment-7" },
      { type: "release-hold", hold: "payment-7", time: { at: 1_795_448_760_000, clock: "receipt" } },
    ],
    [stop, { type: "stop", reason: "consent-withdrawn" }],
    [releaseAll, { type: "release-all-holds", reason: "shift-end" }],
  ])("%j is the operation it says", async (input, operation) => {
    expect((await invoke(input)).commands[0]?.operation).toEqual(operation);
  });

  it("may name room, call, recording and project instead", async () => {
    const { commands } = await invoke({
      ...stop,
      conference: undefined,
      room: "Support 7",
      recording: "ab5c3c9e-0c1a-4f6b-9a55-2f1f6f1e8a01",
      project,
    });
    expect(commands[0]).toMatchObject({
      target: { by: "room", room: "Support 7" },
      recording: "ab5c3c9e-0c1a-4f6b-9a55-2f1f6f1e8a01",
    });
  });

  it("is answered as never safe while it is not confirmed", async () => {
    const { answer } = await invoke(pause, { outcome: { ...done, kind: "pending" } });
    expect(answer).toMatchObject({ wanted: "paused", safeToCollect: false });
  });

  it.each<[Refusal]>([
    ["no-such-conference"],
    ["no-such-recording"],
    ["conference-over"],
    ["recording-over"],
    ["stopped"],
    ["stale-pause"],
    ["ambiguous"],
  ])("fails as Refused for %s", async (why) => {
    const { error, deliveries } = await invoke(pause, { outcome: { kind: "refused", why } });
    expect(error).toEqual({ name: "Refused", message: why });
    expect(deliveries).toHaveLength(1);
    expect(deliveries[0]).toMatchObject({ outcome: "refused", why });
  });

  it("fails as Unavailable where nothing durable could be written", async () => {
    const { error } = await invoke(pause, { outcome: { kind: "unavailable", why: "ledger" } });
    expect(error).toEqual({ name: "Unavailable", message: "ledger" });
  });

  it("fails with a fixed text for what nobody foresaw", async () => {
    const handleCommand = () => Promise.reject(new TypeError("card 4111111111111111"));
    const { error, deliveries } = await invoke(pause, { handleCommand });
    expect(error).toEqual({ name: "Internal", message: "Something went wrong here" });
    expect(deliveries).toEqual([expect.objectContaining({ route: "control", error: "TypeError" })]);
    expect(JSON.stringify(deliveries)).not.toContain("4111");
  });
});

describe("a question", () => {
  it.each(["ledger", "verify"])("%s is answered by what was found", async (action) => {
    const { answer, commands, questions, deliveries } = await invoke({ action, conference });
    expect(answer).toEqual({ conference: "c0ffee00-1111-4222-8333-444455556666", asked: action });
    expect(commands).toEqual([]);
    expect(questions).toEqual([
      [
        action,
        {
          project: "7b5c3c9e-0c1a-4f6b-9a55-2f1f6f1e8a01",
          target: { by: "conference", conference: "c0ffee00-1111-4222-8333-444455556666" },
          receivedAt: 1_795_448_760_000,
        },
      ],
    ]);
    expect(deliveries).toEqual([
      {
        route: "control",
        requestId: "req-1",
        durationMs: 0,
        source: "control",
        command: action,
        project: "7b5c3c9e-0c1a-4f6b-9a55-2f1f6f1e8a01",
        outcome: "done",
      },
    ]);
  });

  it("status is answered like a command, and may ask about one hold", async () => {
    const { answer, questions } = await invoke({ ...status, hold: "payment-7", actor: "ops@example.test" });
    expect(answer).toMatchObject({ safeToCollect: true, position: 4 });
    expect(questions[0]?.[1]).toMatchObject({ hold: "payment-7" });
  });

  it("fails as Refused about a conference that nobody knows", async () => {
    const { error } = await invoke(
      { action: "ledger", conference },
      { outcome: { kind: "refused", why: "no-such-conference" } },
    );
    expect(error).toEqual({ name: "Refused", message: "no-such-conference" });
  });
});

describe("verify", () => {
  const verify = { action: "verify", conference };
  // Its digits hold what would be a card number anywhere else.
  const hash = `4111111111111111${"ab".repeat(24)}`;

  it("may name an entry that it is to find, by position and hash", async () => {
    const { questions } = await invoke({ ...verify, position: 3, hash });
    expect(questions[0]?.[1]).toMatchObject({
      known: { position: 3, hash: "4111111111111111abababababababababababababababababababababababab" },
    });
    expect((await invoke({ ...verify, position: 3 })).questions[0]?.[1].known).toEqual({ position: 3 });
    expect((await invoke(verify)).questions[0]?.[1]).not.toHaveProperty("known");
  });

  it.each([
    [{ ...verify, position: 0 }, "position must be a whole number from 1"],
    [{ ...verify, position: 1.5 }, "position must be a whole number from 1"],
    [{ ...verify, position: "1" }, "position must be a whole number from 1"],
    [{ ...verify, hash }, "position is required with hash"],
    [{ ...verify, position: 3, hash: "ab" }, "hash must be 64 of 0-9 a-f"],
    [{ ...verify, position: 3, hash: "4111111111111111" }, "hash holds what looks like a card number"],
    [{ ...status, hash }, "hash is not a known field"],
    [{ ...pause, hash }, "hash is not a known field"],
  ])("%j fails as InvalidCommand", async (input, message) => {
    const { error, questions } = await invoke(input);
    expect(error).toEqual({ name: "InvalidCommand", message });
    expect(questions).toEqual([]);
  });
});

describe("evidence", () => {
  const period = { action: "evidence", from: "2026-11-01T00:00:00Z", to: "2026-11-23T16:46:00+01:00" };
  const times = { from: 1_793_491_200_000, to: 1_795_448_760_000 };

  it("is asked for a period, of every project or of one, and from where the last answer ended", async () => {
    const { answer, evidence, deliveries } = await invoke(period);
    expect(answer).toEqual({ conferences: [] });
    expect(evidence).toEqual([{ of: { by: "period", period: times }, receivedAt: 1_795_448_760_000 }]);
    expect(deliveries).toEqual([
      {
        route: "control",
        requestId: "req-1",
        durationMs: 0,
        source: "control",
        command: "evidence",
        outcome: "done",
      },
    ]);
    const more = await invoke({ ...period, project, next: "hbcd", actor: "auditor" });
    expect(more.evidence[0]?.of).toEqual({ by: "period", period: times, project, after: "hbcd" });
    expect(more.deliveries[0]).toMatchObject({ project });
  });

  it("is asked for one conference, of any time or of a period", async () => {
    const target = { by: "conference", conference };
    expect((await invoke({ action: "evidence", conference })).evidence[0]?.of).toEqual({
      by: "conference",
      project,
      target,
    });
    expect((await invoke({ ...period, conference })).evidence[0]?.of).toEqual({
      by: "conference",
      project,
      target,
      period: times,
    });
  });

  it.each([
    [{ action: "evidence" }, "the input must name from and to, or one of conference, room and call"],
    [{ ...period, to: undefined }, "to is required with from"],
    [{ ...period, from: undefined }, "from is required with to"],
    [{ ...period, from: "2026-11-01" }, "from must be a date and time in ISO 8601 with an offset or Z"],
    [{ ...period, to: period.from }, "to must be later than from"],
    [{ ...period, to: "2026-11-23T15:46:00.001Z" }, "to must not be in the future"],
    [
      { ...period, conference, room: "sales" },
      "the input must name exactly one of conference, room and call",
    ],
    [{ ...period, next: "xyz" }, "next must be the next of an answer before"],
    [{ ...period, conference, next: "ab" }, "next goes with a period alone"],
    [{ ...period, project: "00000000-0000-4000-8000-000000000000" }, "project is not configured"],
    [{ ...period, hold: "payment-7" }, "hold is not a known field"],
  ])("%j fails as InvalidCommand", async (input, message) => {
    const { error, evidence } = await invoke(input);
    expect(error).toEqual({ name: "InvalidCommand", message });
    expect(evidence).toEqual([]);
  });
});

describe("bad input", () => {
  it.each([
    [null, "the input must be pause, resume, stop, release-all, status, ledger, verify or evidence"],
    ["pause", "the input must be pause, resume, stop, release-all, status, ledger, verify or evidence"],
    [{}, "action must be pause, resume, stop, release-all, status, ledger, verify or evidence"],
    [
      { ...pause, action: "toggle" },
      "action must be pause, resume, stop, release-all, status, ledger, verify or evidence",
    ],
    [{ ...pause, actor: undefined }, "actor is required"],
    [{ ...resume, actor: undefined }, "actor is required"],
    [{ ...stop, actor: undefined }, "actor is required"],
    [{ ...releaseAll, actor: undefined }, "actor is required"],
    [{ ...pause, actor: "" }, "actor must be 1 to 128 characters"],
    [{ ...pause, actor: 7 }, "actor must be 1 to 128 characters"],
    [{ ...pause, reason: undefined }, "reason is required"],
    [{ ...stop, reason: undefined }, "reason is required"],
    [{ ...releaseAll, reason: undefined }, "reason is required"],
    [{ ...pause, hold: "a b" }, "hold must be 1 to 128 of A-Z a-z 0-9 _ . : -"],
    [{ ...pause, holds: "a" }, "holds is not a known field"],
    [{ ...pause, room: "Support" }, "the input must name exactly one of conference, room and call"],
    [{ ...status, conference: undefined }, "the input must name exactly one of conference, room and call"],
    [{ ...pause, conference: "CF1" }, "conference must be a UUID"],
    [{ ...pause, expiresInSeconds: 4 }, "expiresInSeconds must be a whole number from 5 to 14400"],
    [
      { ...pause, timestamp: "yesterday" },
      "timestamp must be a date and time in ISO 8601 with an offset or Z",
    ],
    [{ ...pause, timestamp: "2026-11-23T15:51:00.001Z" }, "timestamp is more than five minutes ahead"],
    [{ ...pause, project: "00000000-0000-4000-8000-000000000000" }, "project is not configured"],
    [{ ...pause, actor: "4111 1111 1111 1111" }, "actor holds what looks like a card number"],
  ])("%j fails as InvalidCommand, naming the field and never the value", async (input, message) => {
    const { error, commands, questions, deliveries } = await invoke(input);
    expect(error).toEqual({ name: "InvalidCommand", message });
    expect([commands, questions]).toEqual([[], []]);
    expect(deliveries).toHaveLength(1);
    expect(JSON.stringify(deliveries)).not.toContain("4111");
  });
});

describe("an alias", () => {
  const evidence = { action: "evidence", conference };
  const inputs = { pause, resume, "release-all": releaseAll, stop, status, evidence };
  const everything = ["pause", "resume", "release-all", "stop", "status", "evidence"];

  it.each([
    ["no alias", arn, everything],
    ["$LATEST", `${arn}:$LATEST`, everything],
    ["hold", `${arn}:hold`, ["pause"]],
    ["release", `${arn}:release`, ["resume", "release-all"]],
    ["stop", `${arn}:stop`, ["stop"]],
    ["read", `${arn}:read`, ["status", "evidence"]],
    ["one that is not known", `${arn}:live`, []],
    ["one of Object's names", `${arn}:constructor`, []],
    ["a version", `${arn}:7`, []],
    ["an alias of an alias", `${arn}:hold:stop`, []],
    ["what is not an ARN", "", []],
  ])("%s may do just what it stands for", async (_, invoked, allowed) => {
    const done: string[] = [];
    for (const [action, input] of Object.entries(inputs)) {
      const { error, commands, questions } = await invoke(input, { arn: invoked });
      if (error === undefined) done.push(action);
      else {
        expect(error).toEqual({ name: "NotAllowed", message: "This alias does not allow that action" });
        expect([commands, questions]).toEqual([[], []]);
      }
    }
    expect(done).toEqual(allowed);
  });
});

describe("an EventBridge event", () => {
  const event = {
    version: "0",
    id: "6f1e8a01-0c1a-4f6b-9a55-2f1f6f1e8a99",
    "detail-type": "payment page opened",
    source: "com.example.payments",
    account: "123456789012",
    time: "2026-11-23T15:45:59Z",
    region: "eu-west-1",
    resources: [],
    detail: { action: "pause", conference, reason: "card-entry", hold: "payment-7" },
  };

  it("acts for its bus source, whose clock orders it", async () => {
    const { commands } = await invoke(event);
    expect(commands[0]).toMatchObject({
      source: "event:com.example.payments",
      operation: {
        type: "place-hold",
        hold: "payment-7",
        time: { at: 1_795_448_759_000, clock: "sender" },
      },
      cause: {
        source: "event:com.example.payments",
        request: "6f1e8a01-0c1a-4f6b-9a55-2f1f6f1e8a99",
        actor: "com.example.payments",
      },
    });
  });

  it("may say in its detail who acted and when", async () => {
    const detail = { ...event.detail, actor: "desk 7", timestamp: "2026-11-23T15:45:00Z" };
    const { commands } = await invoke({ ...event, detail });
    expect(commands[0]).toMatchObject({
      operation: { time: { at: 1_795_448_700_000, clock: "sender" } },
      cause: { actor: "desk 7" },
    });
  });

  it("releases no holds of others: that is for operators", async () => {
    const { error, commands } = await invoke({ ...event, detail: releaseAll });
    expect(error?.name).toBe("NotAllowed");
    expect(commands).toEqual([]);
  });

  it.each([
    ["no detail", { ...event, detail: undefined }, "detail must be an object"],
    ["a source that is a path", { ...event, source: "a/b" }, "source must be 1 to 128 of A-Z a-z 0-9 . _ -"],
    ["an action it has not", { ...event, detail: { action: "go" } }, /^action must be pause/],
  ])("with %s fails as InvalidCommand", async (_, given, message) => {
    const { error } = await invoke(given);
    expect(error?.name).toBe("InvalidCommand");
    expect(error?.message).toMatch(message);
  });
});
