import { describe, expect, it } from "vitest";
import { conferenceSid } from "../../functions/recording/ids.ts";
import type { Answer, Refusal } from "../../functions/recording/outcome.ts";
import { Rejected, type Rejection } from "../../functions/trigger/rejected.ts";
import { outcomeReply, rejectionReply } from "../../functions/trigger/replies.ts";

const answer: Answer = {
  conference: conferenceSid("c0ffee00-1111-4222-8333-444455556666"),
  wanted: "paused",
  confirmed: true,
  safeToCollect: true,
  recordings: [],
  holds: [],
  position: 4,
};

describe("outcomeReply", () => {
  it("is 200 and the answer for what is confirmed", () => {
    expect(outcomeReply({ kind: "done", answer }, "gw-1")).toEqual({
      statusCode: 200,
      headers: { "content-type": "application/json", "cache-control": "no-store" },
      body:
        '{"conference":"c0ffee00-1111-4222-8333-444455556666","wanted":"paused","confirmed":true,' +
        '"safeToCollect":true,"recordings":[],"holds":[],"position":4}',
    });
  });

  it("is 202 and never safe for what is not confirmed yet", () => {
    const { statusCode, body } = outcomeReply({ kind: "pending", answer }, "gw-1");
    expect(statusCode).toBe(202);
    expect(JSON.parse(body)).toMatchObject({ wanted: "paused", safeToCollect: false });
  });

  it.each<[Refusal, number, string]>([
    ["no-such-conference", 404, "There is no such conference"],
    ["no-such-recording", 404, "The conference has no such recording"],
    ["conference-over", 409, "The conference is over"],
    ["recording-over", 409, "The recording is over"],
    ["stopped", 409, "Recording was stopped for good"],
    ["stale-pause", 409, "This hold was released by a later operation"],
    ["ambiguous", 409, "More than one conference fits; name it by its ConferenceSid"],
  ])("for %s is %i, saying why", (why, status, message) => {
    const { statusCode, body } = outcomeReply({ kind: "refused", why }, "gw-1");
    expect(statusCode).toBe(status);
    expect(JSON.parse(body)).toEqual({ error: why, message, requestId: "gw-1", safeToCollect: false });
  });

  it("tells with a refusal what is true all the same, but not that it is safe", () => {
    const { body } = outcomeReply({ kind: "refused", why: "stale-pause", answer }, "gw-1");
    expect(JSON.parse(body)).toEqual({
      ...answer,
      error: "stale-pause",
      message: "This hold was released by a later operation",
      requestId: "gw-1",
      safeToCollect: false,
    });
  });

  it.each(["ledger", "signalwire", "queue", "credentials"] as const)(
    "is 503, to be sent again, without %s, and does not say which",
    (why) => {
      expect(outcomeReply({ kind: "unavailable", why }, "gw-1")).toEqual({
        statusCode: 503,
        headers: { "content-type": "application/json", "cache-control": "no-store", "retry-after": "1" },
        body:
          '{"message":"A service that this depends on does not answer; send the request again",' +
          '"error":"unavailable","requestId":"gw-1","safeToCollect":false}',
      });
    },
  );
});

describe("rejectionReply", () => {
  it.each<[Rejection, number]>([
    ["malformed", 400],
    ["invalid", 400],
    ["card-number", 400],
    ["unproven", 401],
    ["not-allowed", 403],
    ["unknown-project", 403],
    ["no-such-route", 404],
    ["too-large", 413],
    ["wrong-content-type", 415],
    ["unavailable", 503],
  ])("for %s is %i", (why, status) => {
    const { statusCode, body } = rejectionReply(new Rejected(why), "gw-1");
    expect(statusCode).toBe(status);
    expect(JSON.parse(body)).toEqual({
      error: why,
      message: expect.stringMatching(/^[A-Z][^:]+$/),
      requestId: "gw-1",
      safeToCollect: false,
    });
  });

  it("says what is wrong and where", () => {
    const rejected = new Rejected("invalid", { field: "data.hold", problem: "is required" });
    expect(JSON.parse(rejectionReply(rejected, "gw-1").body)).toEqual({
      error: "invalid",
      message: "The request is not valid: data.hold is required",
      field: "data.hold",
      requestId: "gw-1",
      safeToCollect: false,
    });
  });

  it("is 500 and a fixed text for what nobody foresaw", () => {
    expect(rejectionReply(undefined, "gw-1")).toMatchObject({
      statusCode: 500,
      body: '{"message":"Something went wrong here","error":"internal","requestId":"gw-1","safeToCollect":false}',
    });
  });
});
