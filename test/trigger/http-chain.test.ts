import type { APIGatewayProxyEventV2, Context } from "aws-lambda";
import { describe, expect, it } from "vitest";
import type { Delivery } from "../../functions/trigger/delivery.ts";
import { type Door, httpChain } from "../../functions/trigger/http-chain.ts";
import { Rejected } from "../../functions/trigger/rejected.ts";

const context = (remainingMs = 10_000) => ({ getRemainingTimeInMillis: () => remainingMs }) as Context;

function event(of: Partial<APIGatewayProxyEventV2> = {}, domainName = "api.example.test") {
  return {
    version: "2.0",
    routeKey: "POST /echo",
    rawPath: "/echo",
    rawQueryString: "",
    headers: {
      "Content-Type": "text/plain",
      Host: "attacker.example",
      "X-Forwarded-Host": "attacker.example",
    },
    requestContext: {
      domainName,
      requestId: "gw-1",
      http: { method: "POST", path: "/echo", protocol: "HTTP/1.1", sourceIp: "203.0.113.7", userAgent: "-" },
    },
    body: "hello",
    isBase64Encoded: false,
    ...of,
  } as APIGatewayProxyEventV2;
}

const texts = (body: Uint8Array) => Buffer.from(body).toString("latin1");

/** A door that writes down what every step was given. */
function recordingDoor(broken: Partial<Door<string, string, string>> = {}) {
  const steps: string[] = [];
  const deliveries: Delivery[] = [];
  const door: Door<string, string, string> = {
    route: "echo",
    contentType: "text/plain",
    prove: async (request) => {
      steps.push(`prove ${texts(request.body)} ${request.publicUrl}`);
      return "proven";
    },
    parse: (proven) => {
      steps.push(`parse ${proven}`);
      return "parsed";
    },
    validate: (parsed) => {
      steps.push(`validate ${parsed}`);
      return "valid";
    },
    handle: async (valid) => {
      steps.push(`handle ${valid}`);
      return { reply: { statusCode: 200, headers: {}, body: "fine" }, told: { outcome: "done" } };
    },
    errors: ({ rejected, requestId, proven }) => ({
      statusCode: rejected === undefined ? 500 : 418,
      headers: {},
      body: `${rejected?.why} ${requestId} ${proven}`,
    }),
    ...broken,
  };
  const times = [1_000, 1_042];
  const ports = {
    now: () => times.shift() ?? 9_999,
    tell: (delivery: Delivery) => deliveries.push(delivery),
  };
  return { door, ports, steps, deliveries };
}

describe("httpChain", () => {
  it("proves, parses, validates and handles, each step seeing only what the one before made", async () => {
    const { door, ports, steps, deliveries } = recordingDoor();
    const reply = await httpChain(door, ports)(event(), context());
    expect(reply).toEqual({ statusCode: 200, headers: {}, body: "fine" });
    expect(steps).toEqual([
      "prove hello https://api.example.test/echo",
      "parse proven",
      "validate parsed",
      "handle valid",
    ]);
    expect(deliveries).toEqual([
      { route: "echo", requestId: "gw-1", durationMs: 42, outcome: "done", status: 200 },
    ]);
  });

  it.each([
    ["the gateway's name", undefined, {}, "https://api.example.test/echo"],
    [
      "the query exactly as received",
      undefined,
      { rawQueryString: "room=a%20b&x=%2b+" },
      "https://api.example.test/echo?room=a%20b&x=%2b+",
    ],
    [
      "the configured origin",
      "https://hooks.example.test",
      { rawQueryString: "a=1" },
      "https://hooks.example.test/echo?a=1",
    ],
  ])("takes the public URL from %s, never from a header", async (_, publicOrigin, of, url) => {
    const { door, ports, steps } = recordingDoor();
    await httpChain(door, { ...ports, publicOrigin })(event(of), context());
    expect(steps[0]).toBe(`prove hello ${url}`);
  });

  it("undoes the gateway's base64", async () => {
    const { door, ports, steps } = recordingDoor();
    await httpChain(door, ports)(event({ body: "aGVsbG8=", isBase64Encoded: true }), context());
    expect(steps[0]).toBe("prove hello https://api.example.test/echo");
  });

  it.each([
    ["no content type", { headers: {} }, "wrong-content-type"],
    ["another content type", { headers: { "content-type": "text/html" } }, "wrong-content-type"],
    [
      "two content types",
      { headers: { "content-type": "text/plain,application/json" } },
      "wrong-content-type",
    ],
    [
      "a content type that is there in two cases",
      { headers: { "Content-Type": "text/plain", "content-type": "text/plain" } },
      "wrong-content-type",
    ],
    ["65,537 bytes", { body: "x".repeat(65_537) }, "too-large"],
    [
      "65,537 bytes in base64",
      { body: Buffer.alloc(65_537).toString("base64"), isBase64Encoded: true },
      "too-large",
    ],
    ["65,538 bytes in 32,769 characters", { body: "é".repeat(32_769) }, "too-large"],
  ])("turns away %s before anything is proven", async (_, of, why) => {
    const { door, ports, steps, deliveries } = recordingDoor();
    const reply = await httpChain(door, ports)(event(of), context());
    expect(reply).toMatchObject({ statusCode: 418, body: `${why} gw-1 undefined` });
    expect(steps).toEqual([]);
    expect(deliveries).toEqual([
      { route: "echo", requestId: "gw-1", durationMs: 42, rejected: why, status: 418 },
    ]);
  });

  it.each([
    ["65,536 bytes", { body: "x".repeat(65_536) }],
    ["no body", { body: undefined }],
    ["a charset and capitals", { headers: { "Content-TYPE": " Text/Plain ; charset=utf-8" } }],
  ])("takes %s", async (_, of) => {
    const { door, ports } = recordingDoor();
    expect(await httpChain(door, ports)(event(of as never), context())).toMatchObject({ statusCode: 200 });
  });

  it("stops at the proof when it fails", async () => {
    const { door, ports, steps, deliveries } = recordingDoor({
      prove: () => {
        throw new Rejected("unproven");
      },
    });
    const reply = await httpChain(door, ports)(event(), context());
    expect(reply).toMatchObject({ statusCode: 418, body: "unproven gw-1 undefined" });
    expect(steps).toEqual([]);
    expect(deliveries).toHaveLength(1);
  });

  it("hands the proven content to the error reply once there is some", async () => {
    const { door, ports } = recordingDoor({
      validate: () => {
        throw new Rejected("invalid", { field: "data.hold" });
      },
    });
    expect((await httpChain(door, ports)(event(), context())).body).toBe("invalid gw-1 proven");
  });

  it.each(["prove", "parse", "validate", "handle"] as const)(
    "answers an unforeseen error in %s without writing its message anywhere",
    async (broken) => {
      const card = "4111111111111111";
      const { door, ports, deliveries } = recordingDoor({
        [broken]: () => {
          throw new SyntaxError(`not JSON: {\n    at ${card} (<anonymous>)`);
        },
      });
      const reply = await httpChain(door, ports)(event(), context());
      expect(reply.statusCode).toBe(500);
      expect(deliveries).toHaveLength(1);
      expect(deliveries[0]).toMatchObject({ error: "SyntaxError", status: 500, route: "echo" });
      expect(deliveries[0]?.errorAt).toContain("http-chain.test.ts");
      expect(JSON.stringify([reply, deliveries])).not.toContain(card);
    },
  );

  it("answers before Lambda's time is up", async () => {
    const { door, ports, deliveries } = recordingDoor({ handle: () => new Promise(() => {}) });
    const reply = await httpChain(door, ports)(event(), context(210));
    expect(reply).toMatchObject({ statusCode: 500, body: "undefined gw-1 proven" });
    expect(deliveries[0]).toMatchObject({ error: "TimeoutError", status: 500 });
  });
});
