import { join } from "node:path";
import { type Duration, RemovalPolicy, Validations } from "aws-cdk-lib";
import { Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import {
  Architecture,
  Code,
  Function as LambdaFunction,
  type RecursiveLoop,
  Runtime,
} from "aws-cdk-lib/aws-lambda";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import type { Construct } from "constructs";
import type { EnvironmentOf, FunctionName } from "../functions/config.ts";

export type HoldfastFunctionProps<Name extends FunctionName> = {
  readonly name: Name;
  readonly stage: string;
  /** Where the built functions are, one folder each. */
  readonly bundles: string;
  readonly description: string;
  readonly timeout: Duration;
  /** What the function reads at its start; one that is missing does not compile. */
  readonly environment: EnvironmentOf<Name>;
  readonly recursiveLoop?: RecursiveLoop;
};

export type Functions = Readonly<Record<FunctionName, LambdaFunction>>;

/** A function with a role and a log group of its own. The role starts with nothing but that log group. */
export class HoldfastFunction<Name extends FunctionName> extends LambdaFunction {
  constructor(scope: Construct, id: string, { name, stage, bundles, ...props }: HoldfastFunctionProps<Name>) {
    const functionName = `holdfast-${stage}-${name}`;
    super(scope, id, {
      ...props,
      functionName,
      environment: given(props.environment),
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      // CPU comes with memory. Measured: from 512 MB on, a first request takes little more than its network.
      memorySize: 512,
      code: Code.fromAsset(join(bundles, name)),
      handler: "index.handler",
      // Lambda's default role may write to every log group of the account.
      role: new Role(scope, `${id}Role`, { assumedBy: new ServicePrincipal("lambda.amazonaws.com") }),
      logGroup: new LogGroup(scope, `${id}Logs`, {
        logGroupName: `/aws/lambda/${functionName}`,
        // As long as the ledger keeps its entries.
        retention: RetentionDays.THIRTEEN_MONTHS,
        removalPolicy: RemovalPolicy.DESTROY,
      }),
    });
    this.logGroup.grantWrite(this);
    Validations.of(this).acknowledge(
      {
        id: "Serverless-LambdaDLQ",
        reason:
          "Invoked synchronously or by a queue that has dead letters. Events, the exception, are not kept: compliance-events.ts.",
      },
      {
        id: "Serverless-LambdaTracing",
        reason:
          "Tracing of its own calls would cost the function 32 ms at its start, and without them a trace shows what the log line says.",
      },
    );
  }
}

const given = (environment: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
