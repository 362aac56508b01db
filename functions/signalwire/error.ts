/** SignalWire could not be asked. Carries no credentials and no bodies. */
export class SignalWireFailure extends Error {
  override readonly name = "SignalWireFailure";
  readonly method: string;
  readonly path: string;
  /** HTTP status, or undefined where no whole answer came. */
  readonly status: number | undefined;
  readonly retryable: boolean;

  constructor(of: { method: string; path: string; status?: number; retryable: boolean; cause?: unknown }) {
    super(`${of.method} ${of.path}: ${of.status ?? "no answer"}`, { cause: of.cause });
    this.method = of.method;
    this.path = of.path;
    this.status = of.status;
    this.retryable = of.retryable;
  }
}
