import type { ProjectId } from "./recording/ids.ts";
import { CachedSecret, type SecretPorts } from "./secrets/cached-secret.ts";
import {
  type ProjectCredentials,
  projectSecret,
  readJsonSecret,
  readPlainSecret,
  type Senders,
  sendersSecret,
} from "./secrets/secret-shapes.ts";

// Each function makes only the ones whose secrets it may read. Every read throws SecretUnusable or SecretUnanswered.

/** The SignalWire credentials and signing keys of each project. */
export type ProjectSecrets = {
  readonly project: (project: ProjectId) => Promise<ProjectCredentials>;
  /** Read anew, at most once in ten seconds: for a token that was refused, or a signature that no known key made. */
  readonly projectAgain: (project: ProjectId) => Promise<ProjectCredentials>;
};

/** The keys of those who send signals. */
export type SenderSecrets = {
  readonly senders: () => Promise<Senders>;
  /** Read anew, at most once in ten seconds: for a signature that no known key made. */
  readonly sendersAgain: () => Promise<Senders>;
};

/** `prefix` ends in a slash; the AccountSid follows it. Ask only for projects that are configured. */
export function projectSecrets(prefix: string, ports: SecretPorts): ProjectSecrets {
  const secrets = new Map<ProjectId, CachedSecret<ProjectCredentials>>();
  const secretOf = (project: ProjectId) => {
    const known = secrets.get(project);
    if (known) return known;
    const secret = new CachedSecret(prefix + project, readProject, ports);
    secrets.set(project, secret);
    return secret;
  };
  return {
    project: (project) => secretOf(project).value(),
    projectAgain: (project) => secretOf(project).again(),
  };
}

export function senderSecrets(name: string, ports: SecretPorts): SenderSecrets {
  const secret = new CachedSecret(name, readSenders, ports);
  return { senders: () => secret.value(), sendersAgain: () => secret.again() };
}

/** The key for URLs that we render ourselves. */
export function linkSecret(name: string, ports: SecretPorts): () => Promise<string> {
  const secret = new CachedSecret(name, readPlainSecret, ports);
  return () => secret.value();
}

const readProject = (name: string, text: string) => readJsonSecret(name, text, projectSecret);
const readSenders = (name: string, text: string) => readJsonSecret(name, text, sendersSecret);
