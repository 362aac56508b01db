import type { CallSid } from "../recording/ids.ts";
import { callSid, isUuid, type Millis, type ProjectId, projectId } from "../recording/ids.ts";
import { type Form, fieldOf, parseForm } from "./form.ts";
import type { HttpRequest } from "./http-request.ts";
import { Rejected } from "./rejected.ts";
import { isSigned } from "./signalwire-signature.ts";

/** Where the projects' signing keys come from. */
export type SigningKeys = {
  readonly project: (project: ProjectId) => Promise<{ readonly signingKeys: readonly string[] }>;
  /** Reads them once more, at most once in ten seconds; otherwise what is known. */
  readonly projectAgain: (project: ProjectId) => Promise<{ readonly signingKeys: readonly string[] }>;
};

/** A form that SignalWire signed. */
export type ProvenForm = {
  readonly project: ProjectId;
  readonly path: string;
  /** Decoded; of a name that stands there twice, nothing. */
  readonly params: { readonly [name: string]: string };
  readonly origin: string;
  readonly form: Form;
  readonly call: CallSid | undefined;
  readonly sourceIp: string;
  readonly requestId: string;
  readonly receivedAt: Millis;
};

/**
 * What is signed has no mark between the URL and the parameters behind it, so the end of a signed URL could come back as a
 * parameter: without its expiry, or with the name of another room. Nothing that SignalWire documents sorts before this name.
 */
const firstSigned = "AccountSid";

/** The proof of a telephony webhook. Every way to fail looks the same. */
export const createTelephonyProof =
  (keys: SigningKeys, projects: readonly ProjectId[]) =>
  async (request: HttpRequest): Promise<ProvenForm> => {
    const { publicUrl, headers, path, sourceIp, requestId, receivedAt } = request;
    const form = parseForm(request.body);
    const params = paramsOf(request);
    if (form === undefined || params === undefined || request.method !== "POST")
      throw new Rejected("unproven");
    if (form.some(([name]) => name < firstSigned)) throw new Rejected("unproven");
    const project = projectId((fieldOf(form, "AccountSid") ?? "").toLowerCase());
    if (!projects.includes(project)) throw new Rejected("unproven");
    const signature = headers["x-signalwire-signature"];
    const isProven = async (read: SigningKeys["project"]) =>
      isSigned((await asked(() => read(project))).signingKeys, signature, publicUrl, form);
    // A key may be newer than what is cached here.
    if (!(await isProven(keys.project)) && !(await isProven(keys.projectAgain)))
      throw new Rejected("unproven");
    const call = (fieldOf(form, "CallSid") ?? "").toLowerCase();
    return {
      project,
      path,
      params,
      origin: originOf(request),
      form,
      call: isUuid(call) ? callSid(call) : undefined,
      sourceIp,
      requestId,
      receivedAt,
    };
  };

/** The query, decoded; of a name that stands there twice, nothing. Undefined where it cannot be read. */
export function paramsOf({ rawQuery }: Pick<HttpRequest, "rawQuery">): Record<string, string> | undefined {
  const query = parseForm(new TextEncoder().encode(rawQuery));
  if (query === undefined) return undefined;
  const names = query.map(([name]) => name);
  return Object.fromEntries(query.filter(([name]) => names.indexOf(name) === names.lastIndexOf(name)));
}

/** Where our own URLs are. */
export const originOf = ({ publicUrl, path }: Pick<HttpRequest, "publicUrl" | "path">): string =>
  publicUrl.slice(0, publicUrl.indexOf(path, "https://".length));

async function asked<Keys>(read: () => Promise<Keys>): Promise<Keys> {
  try {
    return await read();
  } catch (cause) {
    throw new Rejected("unavailable", { cause });
  }
}
