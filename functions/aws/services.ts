import type { Millis } from "../recording/ids.ts";
import { type AwsService, type AwsServiceOptions, createAwsService } from "./service.ts";

type Variables = { readonly [name: string]: string | undefined };

/** The services of AWS that every function uses. */
export type AwsServices = {
  readonly dynamodb: AwsService;
  readonly sqs: AwsService;
  readonly secretsManager: AwsService;
};

/**
 * The services as Lambda's environment has them: `AWS_REGION`, the credentials, and `AWS_ENDPOINT_URL` (or that with `_DYNAMODB`,
 * `_SQS`, `_SECRETS_MANAGER`) where they are elsewhere.
 * @throws Error for an endpoint that is more than an origin
 */
export function createAwsServices(variables: Variables, now: () => Millis): AwsServices {
  const region = variables.AWS_REGION ?? "us-east-1";
  // Read at each use: Lambda may set new ones in an environment that it restores.
  const credentials = () => ({
    accessKeyId: variables.AWS_ACCESS_KEY_ID ?? "",
    secretAccessKey: variables.AWS_SECRET_ACCESS_KEY ?? "",
    ...(variables.AWS_SESSION_TOKEN === undefined ? {} : { sessionToken: variables.AWS_SESSION_TOKEN }),
  });
  const create = (service: AwsServiceOptions["service"], name: string, isOneAtATime = false) =>
    createAwsService({
      service,
      region,
      origin: originIn(
        variables[`AWS_ENDPOINT_URL_${name}`] ?? variables.AWS_ENDPOINT_URL ?? endpointOf(service, region),
      ),
      credentials,
      now,
      isOneAtATime,
    });
  return {
    dynamodb: create("dynamodb", "DYNAMODB"),
    sqs: create("sqs", "SQS"),
    // Its few requests share a connection: waiting for one another takes less than another handshake.
    secretsManager: create("secretsmanager", "SECRETS_MANAGER", true),
  };
}

function originIn(endpoint: string): URL {
  const url = new URL(endpoint);
  if (url.pathname !== "/" || url.search !== "") throw new Error("AWS_ENDPOINT_URL: no path can be used");
  return url;
}

/** Where a service is in `region`. In the partitions `aws` and `aws-us-gov` the names end in the same, in China they do not. */
export const endpointOf = (service: string, region: string): string =>
  `https://${service}.${region}.amazonaws.com${region.startsWith("cn-") ? ".cn" : ""}`;
