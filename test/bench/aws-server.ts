import { createHash } from "node:crypto";
import { createServer as createPlainServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { Server } from "node:net";
import { performance } from "node:perf_hooks";
import type { Certificate } from "./certificate.ts";

export type AwsCall = {
  readonly operation: string;
  readonly receivedAt: number;
  readonly input: Input;
  /** Of the bodies. */
  readonly requestBytes: number;
  readonly answerBytes: number;
};
type Item = Readonly<Record<string, { readonly S?: string; readonly N?: string }>>;
export type Input = {
  readonly Item?: Item;
  readonly ScanIndexForward?: boolean;
  readonly Limit?: number;
  readonly KeyConditionExpression?: string;
  readonly ConditionExpression?: string;
  readonly ExpressionAttributeValues?: Item;
  readonly SecretId?: string;
  readonly MessageBody?: string;
  readonly DelaySeconds?: number;
};

export type AwsServer = {
  readonly server: Server;
  readonly calls: AwsCall[];
  /** By partition and position. */
  readonly items: Map<string, Map<number, Item>>;
  connections: number;
  serverMs: number;
  /** What a call's answer waits for; undefined: for nothing. */
  hold: (operation: string, input: Input) => Promise<unknown> | undefined;
  /** Calls whose answer nobody waited for any longer. */
  givenUp: number;
  closeConnections(): void;
};

/** What the functions use of DynamoDB, SQS and Secrets Manager, in their wire protocol and with an exact answering time. */
export function createAwsServer(
  secrets: Readonly<Record<string, string>>,
  certificate?: Certificate,
): AwsServer {
  const items = new Map<string, Map<number, Item>>();
  const operations: Readonly<Record<string, (input: Input) => object | undefined>> = {
    Query: (input) => query(items, input),
    PutItem: (input) => (put(items, input) ? {} : undefined),
    GetItem: () => ({}),
    SendMessage: ({ MessageBody = "" }) => ({
      MessageId: "1",
      MD5OfMessageBody: createHash("md5").update(MessageBody).digest("hex"),
    }),
    GetSecretValue: ({ SecretId = "" }) => ({ Name: SecretId, SecretString: secrets[SecretId] }),
  };
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      const operation = String(request.headers["x-amz-target"]).split(".").at(-1) ?? "";
      const receivedAt = performance.now();
      const input = JSON.parse(body) as Input;
      const answered = operations[operation]?.(input);
      const text = JSON.stringify(answered ?? { __type: "ConditionalCheckFailedException" });
      standIn.calls.push({
        operation,
        receivedAt,
        input,
        requestBytes: Buffer.byteLength(body),
        answerBytes: Buffer.byteLength(text),
      });
      const answer = () =>
        response.writeHead(answered ? 200 : 400, { "content-type": "application/x-amz-json-1.0" }).end(text);
      response.once("close", () => {
        if (!response.writableEnded) standIn.givenUp += 1;
      });
      const held = standIn.hold(operation, input);
      if (held !== undefined) void held.then(answer);
      else if (standIn.serverMs === 0) answer();
      else setTimeout(answer, standIn.serverMs);
    });
  };
  const server = certificate ? createTlsServer(certificate, handle) : createPlainServer(handle);
  server.keepAliveTimeout = 0;
  const standIn: AwsServer = {
    server,
    calls: [],
    items,
    connections: 0,
    serverMs: 0,
    hold: () => undefined,
    givenUp: 0,
    closeConnections: () => server.closeAllConnections(),
  };
  server.on("connection", () => {
    standIn.connections += 1;
  });
  return standIn;
}

function query(items: AwsServer["items"], input: Input): object {
  const { ":pk": pk, ":sk": sk } = input.ExpressionAttributeValues ?? {};
  const all = [...(items.get(pk?.S ?? "") ?? [])].sort(([a], [b]) => a - b);
  const found = sk === undefined ? all : all.filter(([position]) => position === Number(sk.N));
  const ordered = input.ScanIndexForward === false ? found.reverse() : found;
  const page = ordered.slice(0, input.Limit).map(([, item]) => item);
  return { Items: page, Count: page.length, ScannedCount: page.length };
}

function put(items: AwsServer["items"], { Item: item = {}, ConditionExpression: condition }: Input): boolean {
  const partition = items.get(item.pk?.S ?? "") ?? new Map<number, Item>();
  const position = Number(item.sk?.N ?? 0);
  if (condition !== undefined && partition.has(position)) return false;
  items.set(item.pk?.S ?? "", partition.set(position, item));
  return true;
}
