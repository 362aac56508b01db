/** A secret is missing or not as it has to be: a configuration error that refuses everything. Names the field, never a value. */
export class SecretUnusable extends Error {
  override readonly name = "SecretUnusable";
  readonly secret: string;

  constructor(secret: string, problem: string) {
    super(`${secret}: ${problem}`);
    this.secret = secret;
  }
}

/** Secrets Manager did not answer, and no value that may still be used is known. */
export class SecretUnanswered extends Error {
  override readonly name = "SecretUnanswered";
  readonly secret: string;

  constructor(secret: string, cause: unknown) {
    super(`${secret}: Secrets Manager did not answer`, { cause });
    this.secret = secret;
  }
}
