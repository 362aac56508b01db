import type { APIGatewayProxyEventV2 } from "aws-lambda";
import type { Millis } from "../recording/ids.ts";
import { rawBody } from "./raw-body.ts";
import { Rejected } from "./rejected.ts";

/** A request as it came in; nothing in it is proven. */
export type HttpRequest = {
  readonly method: string;
  readonly path: string;
  /** Still encoded, without the question mark; empty if there is none. */
  readonly rawQuery: string;
  /** By lower-case name; API Gateway joins repeated ones with a comma. */
  readonly headers: { readonly [name: string]: string | undefined };
  readonly body: Uint8Array;
  readonly sourceIp: string;
  readonly requestId: string;
  /** The URL that the sender called, query exactly as received. */
  readonly publicUrl: string;
  readonly receivedAt: Millis;
};

/** What a door takes, and what is known of it from elsewhere than the request. */
export type Expected = {
  /** The one media type; its parameters are not looked at. */
  readonly contentType: string;
  /** `HOLDFAST_PUBLIC_URL`: an origin, without a trailing slash. */
  readonly publicOrigin?: string | undefined;
  readonly receivedAt: Millis;
};

/**
 * A request out of an API Gateway event (HTTP API, payload 2.0).
 * @throws Rejected `too-large` or `wrong-content-type`, the two things judged before the proof
 */
export function httpRequest(event: APIGatewayProxyEventV2, expected: Expected): HttpRequest {
  const { http, domainName, requestId } = event.requestContext;
  const headers = byLowerCaseName(event.headers);
  const body = rawBody(event);
  if (mediaType(headers["content-type"]) !== expected.contentType) throw new Rejected("wrong-content-type");
  // Never from Host or X-Forwarded-*: whoever sends the request chooses those.
  const origin = expected.publicOrigin ?? `https://${domainName}`;
  const query = event.rawQueryString === "" ? "" : `?${event.rawQueryString}`;
  return {
    method: http.method,
    path: event.rawPath,
    rawQuery: event.rawQueryString,
    headers,
    body,
    sourceIp: http.sourceIp,
    requestId,
    publicUrl: origin + event.rawPath + query,
    receivedAt: expected.receivedAt,
  };
}

const mediaType = (contentType: string | undefined): string =>
  (contentType ?? "").split(";", 1).join().trim().toLowerCase();

function byLowerCaseName(headers: { readonly [name: string]: string | undefined }): HttpRequest["headers"] {
  const byName: { [name: string]: string | undefined } = Object.create(null);
  for (const [name, value] of Object.entries(headers)) {
    const key = name.toLowerCase();
    // As API Gateway does, so that nothing is taken for sent once that was sent twice.
    byName[key] = byName[key] === undefined ? value : `${byName[key]},${value}`;
  }
  return byName;
}
