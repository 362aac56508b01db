import { describe, expect, test } from "vitest";
import { holdfastTemplate } from "./synthesised-stack.ts";

const template = holdfastTemplate({ stage: "test", projects: ["6c2f1a34-8f5b-4d0e-9a77-0d3c5b1e2f01"] });
const only = (type: string) => {
  const [id, another] = Object.keys(template.findResources(type));
  if (id === undefined || another !== undefined) throw new Error(`not exactly one ${type}`);
  return template.findResources(type)[id] ?? {};
};
const routes = [
  "POST /signals/{sender}",
  "POST /telephony/digits",
  "POST /telephony/events",
  "POST /telephony/join",
  "POST /telephony/menu",
];

describe("the HTTP API", () => {
  test("has five routes and nothing that catches the rest", () => {
    const found = Object.values(template.findResources("AWS::ApiGatewayV2::Route"));
    expect(found.map(({ Properties }) => Properties.RouteKey).toSorted()).toEqual(routes);
  });

  test("answers no browser of another site", () => {
    expect(only("AWS::ApiGatewayV2::Api").Properties).toEqual({
      Name: "holdfast-test",
      ProtocolType: "HTTP",
    });
  });

  test("passes events on as payload 2.0, to two functions", () => {
    const integrations = Object.values(template.findResources("AWS::ApiGatewayV2::Integration"));
    expect(integrations.map(({ Properties }) => Properties.PayloadFormatVersion)).toEqual(["2.0", "2.0"]);
  });

  test("puts no stage into the path that is signed", () => {
    expect(only("AWS::ApiGatewayV2::Stage").Properties.StageName).toBe("$default");
  });

  test("limits each route by itself, once the route is there", () => {
    const { Properties, DependsOn } = only("AWS::ApiGatewayV2::Stage");
    const limit = { ThrottlingRateLimit: 200, ThrottlingBurstLimit: 400 };
    expect(Properties.RouteSettings).toEqual({
      "POST /signals/{sender}": limit,
      "POST /telephony/digits": limit,
      "POST /telephony/events": limit,
      "POST /telephony/join": limit,
      "POST /telephony/menu": limit,
    });
    expect(DependsOn).toEqual(
      expect.arrayContaining(Object.keys(template.findResources("AWS::ApiGatewayV2::Route"))),
    );
  });

  test("logs the route of a request, but neither its path nor its query, which carry names and tokens", () => {
    expect(JSON.parse(only("AWS::ApiGatewayV2::Stage").Properties.AccessLogSettings.Format)).toEqual({
      requestId: "$context.requestId",
      at: "$context.requestTime",
      sourceIp: "$context.identity.sourceIp",
      route: "$context.routeKey",
      status: "$context.status",
      responseBytes: "$context.responseLength",
      responseMs: "$context.responseLatency",
      functionMs: "$context.integrationLatency",
      functionStatus: "$context.integrationStatus",
    });
  });
});
