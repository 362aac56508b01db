import { createHash, createHmac } from "node:crypto";

export type SignedRequest = {
  readonly method: string;
  readonly path: string;
  /** Without the question mark, names in order. */
  readonly query?: string;
  readonly headers: { readonly [name: string]: string | readonly string[] | undefined };
  readonly body: string;
};

const hmac = (key: string | Buffer, text: string): Buffer => createHmac("sha256", key).update(text).digest();
const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** What `Authorization` has to be, by "Signature Version 4 for API requests" in AWS's IAM user guide. */
export function authorizationOf(
  { method, path, query = "", headers, body }: SignedRequest,
  { accessKeyId, secretAccessKey }: { readonly accessKeyId: string; readonly secretAccessKey: string },
  { region, service, signed }: { region: string; service: string; signed: readonly string[] },
): string {
  const date = String(headers["x-amz-date"]);
  const canonical = [
    method,
    path,
    query,
    ...signed.map((name) => `${name}:${String(headers[name]).trim()}`),
    "",
    signed.join(";"),
    sha256(body),
  ].join("\n");
  const scope = `${date.slice(0, 8)}/${region}/${service}/aws4_request`;
  const toSign = ["AWS4-HMAC-SHA256", date, scope, sha256(canonical)].join("\n");
  const key = [date.slice(0, 8), region, service, "aws4_request"].reduce<string | Buffer>(
    hmac,
    `AWS4${secretAccessKey}`,
  );
  const signature = hmac(key, toSign).toString("hex");
  return `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${signed.join(";")}, Signature=${signature}`;
}
