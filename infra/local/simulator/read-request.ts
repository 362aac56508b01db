import type { IncomingMessage } from "node:http";

const maxBytes = 1024 * 1024;

export class RequestTooLarge extends Error {
  override readonly name = "RequestTooLarge";
}

/** @throws RequestTooLarge above 1 MiB; whatever the connection throws */
export async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.byteLength;
    if (size > maxBytes) throw new RequestTooLarge("the body is larger than 1 MiB");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** The fields of a form or of a JSON object; SignalWire's own clients send either. */
export function fieldsOf(contentType: string | undefined, text: string): URLSearchParams {
  if (!contentType?.toLowerCase().startsWith("application/json")) return new URLSearchParams(text);
  const value: unknown = parseJson(text);
  if (typeof value !== "object" || value === null) return new URLSearchParams();
  return new URLSearchParams(
    Object.fromEntries(Object.entries(value).map(([name, field]) => [name, String(field)])),
  );
}

/** @returns undefined where it is no JSON */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
