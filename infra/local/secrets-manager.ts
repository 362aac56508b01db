import { createHash, randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { readBody } from "./http.ts";

// The few operations of AWS Secrets Manager that are used, in its own wire protocol (AWS JSON 1.1).

type Version = { readonly id: string; readonly text: string; readonly createdAt: number };
type Input = { readonly SecretId?: string; readonly Name?: string; readonly SecretString?: string };

const arnOf = (name: string): string => {
  const suffix = createHash("sha256").update(name).digest("hex").slice(0, 6);
  return `arn:aws:secretsmanager:us-east-1:000000000000:secret:${name}-${suffix}`;
};

/** `onChange` is told every value that is written, to keep it. */
export function createSecretsManager(
  initial: Readonly<Record<string, string>>,
  onChange: (all: Readonly<Record<string, string>>) => void = () => {},
): Server {
  const secrets = new Map<string, Version>();
  const put = (name: string, text: string): Version => {
    const version = { id: randomUUID(), text, createdAt: Date.now() / 1000 };
    secrets.set(name, version);
    onChange(Object.fromEntries([...secrets].map(([key, { text: value }]) => [key, value])));
    return version;
  };
  for (const [name, text] of Object.entries(initial)) put(name, text);

  const named = ({ SecretId = "" }: Input): [string, Version] | undefined =>
    [...secrets].find(([name]) => name === SecretId || arnOf(name) === SecretId);

  const operations: Record<string, (input: Input) => [number, object]> = {
    GetSecretValue(input) {
      const found = named(input);
      if (found === undefined) return notFound;
      const [name, { id, text, createdAt }] = found;
      const about = { ARN: arnOf(name), Name: name, VersionId: id, VersionStages: ["AWSCURRENT"] };
      return [200, { ...about, SecretString: text, CreatedDate: createdAt }];
    },
    DescribeSecret(input) {
      const found = named(input);
      if (found === undefined) return notFound;
      const [name, { id }] = found;
      return [200, { ARN: arnOf(name), Name: name, VersionIdsToStages: { [id]: ["AWSCURRENT"] } }];
    },
    PutSecretValue(input) {
      const found = named(input);
      if (found === undefined) return notFound;
      const { id } = put(found[0], input.SecretString ?? "");
      return [200, { ARN: arnOf(found[0]), Name: found[0], VersionId: id, VersionStages: ["AWSCURRENT"] }];
    },
    CreateSecret({ Name = "", SecretString = "" }) {
      if (secrets.has(Name))
        return [400, { __type: "ResourceExistsException", message: "it exists already" }];
      return [200, { ARN: arnOf(Name), Name, VersionId: put(Name, SecretString).id }];
    },
  };
  return createServer((request, response) => void serve(operations, request, response));
}

const notFound: [number, object] = [
  400,
  { __type: "ResourceNotFoundException", message: "Secrets Manager can't find the specified secret." },
];

async function serve(
  operations: Record<string, (input: Input) => [number, object]>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const operation = String(request.headers["x-amz-target"] ?? "").split(".")[1] ?? "";
  const body = (await readBody(request)).toString();
  const [status, answer] = Object.hasOwn(operations, operation)
    ? (operations[operation]?.(JSON.parse(body) as Input) ?? notFound)
    : [400, { __type: "UnknownOperationException" }];
  response.writeHead(status, { "content-type": "application/x-amz-json-1.1" }).end(JSON.stringify(answer));
}
