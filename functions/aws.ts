import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SQSClient } from "@aws-sdk/client-sqs";

type Variables = { readonly [name: string]: string | undefined };

/**
 * The clients of the AWS services that every function uses. Everything is given, so that the SDK looks for nothing in files or
 * on the network. One repetition is for a kept connection that the other side closed while the function was frozen.
 */
export const createClients = (variables: Variables) => ({
  dynamodb: new DynamoDBClient(settings(variables, "DYNAMODB")),
  sqs: new SQSClient(settings(variables, "SQS")),
  secretsManager: new SecretsManagerClient(oneAtATime(settings(variables, "SECRETS_MANAGER"))),
});

/** Its few requests share a connection: waiting for one another takes less than another handshake. */
const oneAtATime = (given: ReturnType<typeof settings>) => ({
  ...given,
  requestHandler: { ...given.requestHandler, httpsAgent: { maxSockets: 1 } },
});

function settings(variables: Variables, service: string) {
  const endpoint = variables[`AWS_ENDPOINT_URL_${service}`] ?? variables.AWS_ENDPOINT_URL;
  return {
    region: variables.AWS_REGION ?? "us-east-1",
    // Read at each use: Lambda may set new ones in an environment that it restores.
    credentials: async () => ({
      accessKeyId: variables.AWS_ACCESS_KEY_ID ?? "",
      secretAccessKey: variables.AWS_SECRET_ACCESS_KEY ?? "",
      ...(variables.AWS_SESSION_TOKEN === undefined ? {} : { sessionToken: variables.AWS_SESSION_TOKEN }),
    }),
    maxAttempts: 2,
    retryMode: "standard",
    requestHandler: { connectionTimeout: 500, requestTimeout: 1_000 },
    ...(endpoint === undefined ? {} : { endpoint }),
  };
}
