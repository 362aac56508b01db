import { SignatureV4 } from "@smithy/signature-v4";
import type { Message } from "../http/attempt.ts";
import type { Millis } from "../recording/ids.ts";
import { Sha256 } from "./sha256.ts";

export type AwsCredentials = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
};

export type SignerOptions = {
  readonly service: keyof typeof protocols;
  readonly region: string;
  readonly origin: URL;
  /** Asked for each request: Lambda may set new ones in an environment that it restores. */
  readonly credentials: () => AwsCredentials;
  readonly now: () => Millis;
};

/** AWS JSON protocols 1.0 and 1.1 (Smithy 2.0): everything is a POST to `/`, with the operation in `X-Amz-Target`. */
const protocols = {
  dynamodb: { target: "DynamoDB_20120810", version: "1.0" },
  sqs: { target: "AmazonSQS", version: "1.0" },
  secretsmanager: { target: "secretsmanager", version: "1.1" },
} as const;

/** Makes requests to one service, signed with Signature Version 4 for the moment they are made at. */
export function createSigner({ service, region, origin, credentials, now }: SignerOptions) {
  const { target, version } = protocols[service];
  const signer = new SignatureV4({
    service,
    region,
    credentials: async () => credentials(),
    sha256: Sha256,
    applyChecksum: false,
  });
  return async (operation: string, body: string): Promise<Message> => {
    const headers = {
      host: origin.host,
      "content-type": `application/x-amz-json-${version}`,
      "x-amz-target": `${target}.${operation}`,
    };
    const { protocol, hostname } = origin;
    const request = { method: "POST", protocol, hostname, path: "/", query: {}, headers, body };
    const signed = await signer.sign(request, { signingDate: new Date(now()) });
    const length = { "content-length": Buffer.byteLength(body) };
    return { origin, method: "POST", path: "/", headers: { ...signed.headers, ...length }, body };
  };
}
