/** Why a delivery was turned away before it became a command. */
export type Rejection =
  | "too-large"
  | "wrong-content-type"
  | "no-such-route"
  /** Nobody proved who they are. Says nothing of the reason: unknown sender and wrong signature look alike. */
  | "unproven"
  /** Not UTF-8, or not the syntax that the content type promises. */
  | "malformed"
  | "invalid"
  | "card-number"
  /** Proven, but this sender may not do that. */
  | "not-allowed"
  | "unknown-project"
  /** The secrets that a proof needs could not be had. */
  | "unavailable";

/** A trigger turned away: nothing was changed. Carries no value that was sent, only where it stood. */
export class Rejected extends Error {
  override readonly name = "Rejected";
  readonly why: Rejection;
  /** The field's name as the sender wrote it, e.g. `data.hold`. */
  readonly field: string | undefined;
  /** What is wrong with the field; a fixed text. */
  readonly problem: string | undefined;

  constructor(why: Rejection, detail: { field?: string; problem?: string; cause?: unknown } = {}) {
    super(detail.field === undefined ? why : `${why}: ${detail.field}`, { cause: detail.cause });
    this.why = why;
    this.field = detail.field;
    this.problem = detail.problem;
  }
}
