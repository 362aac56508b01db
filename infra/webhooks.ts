import { Duration, RemovalPolicy, Validations } from "aws-cdk-lib";
import { CfnStage, HttpApi, HttpMethod } from "aws-cdk-lib/aws-apigatewayv2";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import type { IMetric } from "aws-cdk-lib/aws-cloudwatch";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";

export type WebhooksProps = {
  readonly stage: string;
  readonly telephony: IFunction;
  readonly signals: IFunction;
};

// Each route has an allowance of its own: a flood of one leaves the others alone, the pressed digit above all.
const requestsPerSecond = 200;
const requestsAtOnce = 400;
const telephonyPaths = ["/telephony/join", "/telephony/menu", "/telephony/digits", "/telephony/events"];
const signalPaths = ["/signals/{sender}"];

// The route, not the path, and never the query: those carry room names, ids and the MAC of a link.
const accessLogFormat = JSON.stringify({
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

/** The HTTP API that SignalWire and the compliance systems call: five POST routes and nothing else. */
export class Webhooks extends Construct {
  /** Without a slash at its end. */
  readonly url: string;
  /** What API Gateway answered with a 5xx, and with a 4xx. */
  readonly serverErrors: IMetric;
  readonly clientErrors: IMetric;
  readonly #api: HttpApi;

  constructor(scope: Construct, id: string, { stage, telephony, signals }: WebhooksProps) {
    super(scope, id);
    this.#api = new HttpApi(this, "Api", { apiName: `holdfast-${stage}`, createDefaultStage: false });
    this.url = this.#api.apiEndpoint;
    this.serverErrors = this.#api.metricServerError({ period: Duration.minutes(1), statistic: "Sum" });
    this.clientErrors = this.#api.metricClientError({ period: Duration.minutes(5), statistic: "Sum" });
    this.#addRoutes("Telephony", telephony, telephonyPaths);
    this.#addRoutes("Signals", signals, signalPaths);
    this.#addStage(stage);
  }

  #addRoutes(id: string, handler: IFunction, paths: readonly string[]): void {
    const integration = new HttpLambdaIntegration(id, handler);
    for (const route of paths.flatMap((path) =>
      this.#api.addRoutes({ path, methods: [HttpMethod.POST], integration }),
    )) {
      Validations.of(route).acknowledge({
        id: "AwsSolutions-APIG4",
        reason: "The senders cannot sign for IAM: each request proves itself by the signature over its body.",
      });
    }
  }

  #addStage(stage: string): void {
    const log = new LogGroup(this, "AccessLog", {
      // CloudWatch lets API Gateway write below this prefix without a growing resource policy.
      logGroupName: `/aws/vendedlogs/holdfast-${stage}`,
      retention: RetentionDays.THIRTEEN_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const paths = [...telephonyPaths, ...signalPaths];
    const httpStage = new CfnStage(this, "Stage", {
      apiId: this.#api.apiId,
      // Any other name would become part of the path, and so of the URL that is signed.
      stageName: "$default",
      autoDeploy: true,
      accessLogSettings: { destinationArn: log.logGroupArn, format: accessLogFormat },
      defaultRouteSettings: {
        throttlingRateLimit: requestsPerSecond,
        throttlingBurstLimit: requestsAtOnce,
      },
      routeSettings: Object.fromEntries(
        paths.map((path) => [
          `POST ${path}`,
          { ThrottlingRateLimit: requestsPerSecond, ThrottlingBurstLimit: requestsAtOnce },
        ]),
      ),
    });
    // A stage that names a route which does not exist yet cannot be deployed.
    httpStage.node.addDependency(this.#api);
  }
}
