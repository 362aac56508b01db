import { randomBytes, timingSafeEqual } from "node:crypto";

type Rotation = {
  readonly apiToken?: string | true | undefined;
  readonly signingKey?: string | true | undefined;
  readonly keepOld?: boolean | undefined;
};

/** The API tokens that are accepted and the key that webhooks are signed with; both can be rotated. */
export class Credentials {
  readonly #project: string;
  #tokens: readonly string[];
  #signingKey: string;

  constructor(project: string, apiToken: string, signingKey: string) {
    this.#project = project;
    this.#tokens = [apiToken];
    this.#signingKey = signingKey;
  }

  get signingKey(): string {
    return this.#signingKey;
  }

  /** The newest token. */
  get apiToken(): string {
    return this.#tokens[0] ?? "";
  }

  /** @param authorization the header of a request, HTTP Basic */
  accepts(authorization: string | undefined): boolean {
    const [scheme, encoded = ""] = (authorization ?? "").split(" ");
    if (scheme?.toLowerCase() !== "basic") return false;
    const [user = "", ...password] = Buffer.from(encoded, "base64").toString().split(":");
    const given = Buffer.from(password.join(":"));
    return (
      user.toLowerCase() === this.#project && this.#tokens.some((token) => isSame(given, Buffer.from(token)))
    );
  }

  /**
   * A text is the new one, `true` makes one up. The old token is refused from now on, unless it is kept beside the new one.
   * @returns those in force
   */
  rotate({ apiToken, signingKey, keepOld = false }: Rotation): { apiToken: string; signingKey: string } {
    if (apiToken !== undefined) {
      const token = apiToken === true ? `PT${randomBytes(24).toString("hex")}` : apiToken;
      this.#tokens = keepOld ? [token, ...this.#tokens] : [token];
    }
    if (signingKey !== undefined) {
      this.#signingKey = signingKey === true ? `PSK_${randomBytes(16).toString("hex")}` : signingKey;
    }
    return { apiToken: this.apiToken, signingKey: this.#signingKey };
  }
}

const isSame = (a: Buffer, b: Buffer): boolean => a.byteLength === b.byteLength && timingSafeEqual(a, b);
