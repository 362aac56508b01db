import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { AwsService } from "../functions/aws/service.ts";
import { projectId } from "../functions/recording/ids.ts";
import { linkSecret, projectSecrets, senderSecrets } from "../functions/secrets.ts";
import { serviceAt } from "./aws/service-at.ts";

const project = projectId("b3877c40-da60-4998-90ad-b792e98472af");
const projectName = "holdfast/test/signalwire/b3877c40-da60-4998-90ad-b792e98472af";
const good = { space: "example.signalwire.com", apiToken: "PT-made-up", signingKeys: ["PSK_made-up"] };
const whsec = `whsec_${Buffer.alloc(24, "k").toString("base64")}`;

const minute = 60_000;
let server: Server;
let secretsManager: AwsService;
/** By name; a number is an error status, "silence" never answers, "binary" has no text. */
let held: Map<string, string | number>;
let reads: string[];
let now: number;
let alarms: string[];

beforeEach(async () => {
  held = new Map();
  reads = [];
  alarms = [];
  now = Date.UTC(2026, 10, 24);
  server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const name: string = JSON.parse(body).SecretId;
    reads.push(name);
    expect(request.headers["x-amz-target"]).toBe("secretsmanager.GetSecretValue");
    answer(response, name);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  secretsManager = serviceAt(endpoint, "secretsmanager");
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function answer(response: ServerResponse, name: string) {
  const text = held.get(name);
  const say = (status: number, value: object) =>
    response.writeHead(status, { "content-type": "application/x-amz-json-1.1" }).end(JSON.stringify(value));
  if (text === "silence") return;
  if (text === undefined) say(400, { __type: "ResourceNotFoundException", message: "no such secret" });
  else if (text === "deleted")
    say(400, { __type: "InvalidRequestException", message: "marked for deletion" });
  else if (text === "denied") say(400, { __type: "AccessDeniedException", message: "not allowed" });
  else if (text === "binary") say(200, { Name: name, SecretBinary: "AAAA" });
  else if (typeof text === "number") say(text, { __type: "InternalServiceError" });
  else say(200, { Name: name, SecretString: text });
}

const ports = () => ({
  secretsManager,
  now: () => now,
  alarm: (alarm: string, secret: string) => alarms.push(`${alarm} ${secret}`),
  readTimeoutMs: 1500,
});
const projects = () => projectSecrets("holdfast/test/signalwire/", ports());
const hold = (content: unknown, name = projectName) => held.set(name, JSON.stringify(content));

describe("a project's secret", () => {
  test("is read by its name and kept for five minutes", async () => {
    hold(good);
    const secrets = projects();
    expect(await secrets.project(project)).toEqual(good);
    hold({ ...good, apiToken: "PT-newer" });
    now += 5 * minute - 1;
    expect((await secrets.project(project)).apiToken).toBe("PT-made-up");
    now += 1;
    expect((await secrets.project(project)).apiToken).toBe("PT-newer");
    expect(reads).toEqual([projectName, projectName]);
  });

  test("is one for each project", async () => {
    const other = projectId("00000000-da60-4998-90ad-b792e98472af");
    hold(good);
    hold({ ...good, apiToken: "PT-other" }, `holdfast/test/signalwire/${other}`);
    const secrets = projects();
    expect((await secrets.project(project)).apiToken).toBe("PT-made-up");
    expect((await secrets.project(other)).apiToken).toBe("PT-other");
  });

  test("is read once where many ask at the same time", async () => {
    hold(good);
    const secrets = projects();
    await Promise.all([
      secrets.project(project),
      secrets.project(project),
      secrets.projectAgain(project),
      secrets.project(project),
    ]);
    expect(reads).toHaveLength(1);
  });

  test("is read again on demand, once in ten seconds", async () => {
    hold(good);
    const secrets = projects();
    await secrets.project(project);
    hold({ ...good, apiToken: "PT-newer" });
    expect((await secrets.projectAgain(project)).apiToken).toBe("PT-newer");
    hold({ ...good, apiToken: "PT-newest" });
    now += 9_999;
    expect((await secrets.projectAgain(project)).apiToken).toBe("PT-newer");
    now += 1;
    expect((await secrets.projectAgain(project)).apiToken).toBe("PT-newest");
    expect(reads).toHaveLength(3);
  });

  test("may name an origin on this machine, or a port", async () => {
    for (const space of ["http://127.0.0.1:8080", "localhost", "127.0.0.1:8443", "a-b.example.com:443"]) {
      hold({ ...good, space });
      expect((await projects().project(project)).space).toBe(space);
    }
  });
});

describe("while Secrets Manager does not answer", () => {
  const outages = [500, 503, "silence", "denied"] as const;
  test.each(outages)(
    "(%s) the last value is used for 24 hours, with an alarm after ten minutes",
    async (outage) => {
      hold(good);
      const secrets = projectSecrets("holdfast/test/signalwire/", { ...ports(), readTimeoutMs: 200 });
      await secrets.project(project);
      held.set(projectName, outage);
      now += 5 * minute;
      expect(await secrets.project(project)).toEqual(good);
      now += 10 * minute - 1;
      expect(await secrets.project(project)).toEqual(good);
      expect(alarms).toEqual([]);
      now += 10_000;
      expect(await secrets.project(project)).toEqual(good);
      expect(alarms).toEqual([`secret-unanswered ${projectName}`]);
      now += 24 * 60 * minute - 15 * minute - 10_000;
      expect(await secrets.project(project)).toEqual(good);
      now += 1 + 10_000;
      await expect(secrets.project(project)).rejects.toMatchObject({
        name: "SecretUnanswered",
        message: `${projectName}: Secrets Manager did not answer`,
      });
    },
  );

  test("it is asked every ten seconds, so that not every request waits for it", async () => {
    hold(good);
    const secrets = projects();
    await secrets.project(project);
    held.set(projectName, 500);
    now += 5 * minute;
    await secrets.project(project);
    now += 9_999;
    await secrets.project(project);
    expect(reads).toHaveLength(2);
    hold({ ...good, apiToken: "PT-newer" });
    now += 1;
    expect((await secrets.project(project)).apiToken).toBe("PT-newer");
  });

  test("the ten minutes begin anew after an answer", async () => {
    hold(good);
    const secrets = projects();
    await secrets.project(project);
    held.set(projectName, 500);
    now += 5 * minute;
    await secrets.project(project);
    hold(good);
    now += minute;
    await secrets.project(project);
    held.set(projectName, 500);
    now += 9 * minute;
    await secrets.project(project);
    expect(alarms).toEqual([]);
  });

  test("a demand to read again is answered with the value that is known", async () => {
    hold(good);
    const secrets = projects();
    await secrets.project(project);
    held.set(projectName, 500);
    expect(await secrets.projectAgain(project)).toEqual(good);
  });

  test("a failed first read is not remembered", async () => {
    held.set(projectName, 500);
    const secrets = projects();
    await expect(secrets.project(project)).rejects.toMatchObject({ name: "SecretUnanswered" });
    hold(good);
    expect(await secrets.project(project)).toEqual(good);
  });
});

describe("content that cannot be used", () => {
  const unusable: [string, unknown, string][] = [
    ["no space", { ...good, space: undefined }, "space must be a string"],
    [
      "an address",
      { ...good, space: "https://example.signalwire.com" },
      "space must be a host name such as example.signalwire.com",
    ],
    [
      "plain HTTP elsewhere",
      { ...good, space: "http://10.0.0.1:80" },
      "space must be a host name such as example.signalwire.com",
    ],
    [
      "plain HTTP without a port",
      { ...good, space: "http://127.0.0.1" },
      "space must be a host name such as example.signalwire.com",
    ],
    [
      "a path behind it",
      { ...good, space: "http://127.0.0.1:80/x" },
      "space must be a host name such as example.signalwire.com",
    ],
    [
      "another user",
      { ...good, space: "a@example.com" },
      "space must be a host name such as example.signalwire.com",
    ],
    [
      "a line break",
      { ...good, space: "example.com\n" },
      "space must be a host name such as example.signalwire.com",
    ],
    ["an empty space", { ...good, space: "" }, "space must be a host name such as example.signalwire.com"],
    ["no token", { ...good, apiToken: undefined }, "apiToken must be a string"],
    ["an empty token", { ...good, apiToken: "" }, "apiToken must not be empty"],
    [
      "a line break behind the token",
      { ...good, apiToken: "PT-made-up\n" },
      "apiToken must not begin or end with a space or a line break",
    ],
    ["no signing keys", { ...good, signingKeys: undefined }, "signingKeys must be an array"],
    ["an empty list of them", { ...good, signingKeys: [] }, "signingKeys must not be empty"],
    ["an empty one", { ...good, signingKeys: ["PSK_made-up", ""] }, "signingKeys[1] must not be empty"],
    ["a blank one", { ...good, signingKeys: [" "] }, "signingKeys[0] must not be empty"],
    ["a number for one", { ...good, signingKeys: [7] }, "signingKeys[0] must be a string"],
    ["a list", [good], "must be an object"],
    ["a text", "PT-made-up", "must be an object"],
  ];
  test.each(unusable)("%s: refuses, and names the field without its value", async (_, content, problem) => {
    hold(content);
    const refusal = await projects()
      .project(project)
      .catch((error: Error) => error);
    expect(refusal).toMatchObject({ name: "SecretUnusable", message: `${projectName}: ${problem}` });
    expect(refusal).not.toHaveProperty("cause");
    expect(alarms).toEqual([`secret-unusable ${projectName}`]);
  });

  const raw: [string, string | undefined, string][] = [
    ["missing", undefined, "is missing or about to be deleted"],
    ["about to be deleted", "deleted", "is missing or about to be deleted"],
    ["binary", "binary", "must be text"],
    ["empty", "", "must be JSON"],
    ["not JSON", "PT-made-up", "must be JSON"],
  ];
  test.each(raw)("%s: refuses", async (_, content, problem) => {
    if (content !== undefined) held.set(projectName, content);
    const refusal = await projects()
      .project(project)
      .catch((error: Error) => error);
    expect(refusal).toMatchObject({ name: "SecretUnusable", message: `${projectName}: ${problem}` });
    expect(refusal).not.toHaveProperty("cause");
  });

  test("refuses although an earlier value could be used, also while nothing newer can be read", async () => {
    hold(good);
    const secrets = projects();
    await secrets.project(project);
    hold({ ...good, signingKeys: [] });
    now += 5 * minute;
    await expect(secrets.project(project)).rejects.toMatchObject({ name: "SecretUnusable" });
    held.set(projectName, 500);
    await expect(secrets.project(project)).rejects.toMatchObject({ name: "SecretUnanswered" });
    hold(good);
    expect(await secrets.project(project)).toEqual(good);
  });
});

describe("the senders' secret", () => {
  const senders = () => senderSecrets("holdfast/test/senders", ports());
  const holdSenders = (content: unknown) => hold(content, "holdfast/test/senders");

  test("gives each sender's keys and rights", async () => {
    const content = {
      payments: { secrets: [whsec], allow: ["pause", "resume"] },
      watch: { secrets: [whsec], allow: [] },
    };
    holdSenders(content);
    const secrets = senders();
    expect(await secrets.senders()).toEqual(content);
    holdSenders({ ...content, more: { secrets: [whsec], allow: ["stop"] } });
    expect(Object.keys(await secrets.sendersAgain())).toEqual(["payments", "watch", "more"]);
  });

  const tooShort = `whsec_${Buffer.alloc(23, "k").toString("base64")}`;
  const unusable: [string, unknown, string][] = [
    ["no keys", { payments: { secrets: [], allow: [] } }, "payments.secrets must not be empty"],
    [
      "an empty key",
      { payments: { secrets: [whsec, ""], allow: [] } },
      "payments.secrets[1] must not be empty",
    ],
    [
      "an empty key behind the prefix",
      { payments: { secrets: ["whsec_"], allow: [] } },
      "payments.secrets[0] must be whsec_ and the base64 of at least 24 bytes",
    ],
    [
      "a key of 23 bytes",
      { payments: { secrets: [tooShort], allow: [] } },
      "payments.secrets[0] must be whsec_ and the base64 of at least 24 bytes",
    ],
    [
      "a key without the prefix",
      { payments: { secrets: [whsec.slice(6)], allow: [] } },
      "payments.secrets[0] must be whsec_ and the base64 of at least 24 bytes",
    ],
    [
      "an unknown right",
      { payments: { secrets: [whsec], allow: ["release-all"] } },
      "payments.allow[0] must be pause, resume or stop",
    ],
    ["no rights", { payments: { secrets: [whsec] } }, "payments.allow must be an array"],
    ["a key in the place of a name", { [whsec]: "payments" }, "(a name) must be an object"],
    [
      "a token in the place of a name",
      { [`PT${"0a".repeat(20)}`]: "payments" },
      "(a name) must be an object",
    ],
    ["a list", [], "must be an object"],
  ];
  test.each(unusable)("with %s refuses all of them", async (_, content, problem) => {
    holdSenders(content);
    await expect(senders().senders()).rejects.toMatchObject({
      name: "SecretUnusable",
      message: `holdfast/test/senders: ${problem}`,
    });
  });
});

describe("the secret of our links", () => {
  const link = () => linkSecret("holdfast/test/links", ports());

  test("is the plain string", async () => {
    held.set("holdfast/test/links", "made-up key for links");
    expect(await link()()).toBe("made-up key for links");
  });

  test.each(["", "  \n"])("refuses where it is %j", async (text) => {
    held.set("holdfast/test/links", text);
    await expect(link()()).rejects.toMatchObject({ message: "holdfast/test/links: must not be empty" });
  });
});
