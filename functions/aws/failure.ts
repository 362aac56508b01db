type Details = { readonly status?: number; readonly type?: string; readonly cause?: unknown };

/** An operation of AWS that failed, or got no answer. Names the operation, and neither what was sent nor what came back. */
export class AwsFailure extends Error {
  override readonly name = "AwsFailure";
  /** Absent: there was no answer. */
  readonly status: number | undefined;
  /** The exception's name, as the service's reference has it. */
  readonly type: string | undefined;

  constructor(operation: string, { status, type, cause }: Details) {
    const why = type ?? (status === 200 ? "unreadable" : "");
    const what = status === undefined ? "no answer" : `${status} ${why}`.trim();
    super(`${operation}: ${what}`, cause === undefined ? undefined : { cause });
    this.status = status;
    this.type = type;
  }
}
