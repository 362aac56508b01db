/** What an HTTP request is answered with. */
export type Reply = {
  readonly status: number;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
};

/** A request that was understood: carrying it out is one thing, what the answer claims another. */
export type Planned = {
  /** Carries it out and says what came of it. */
  readonly run: () => Reply;
  /** Only for updates: an answer without doing anything, with the status asked for or the one that is. */
  readonly pretend?: (claims: "asked" | "unchanged") => Reply;
};

export const json = (status: number, value: unknown, headers?: Readonly<Record<string, string>>): Reply => ({
  status,
  contentType: "application/json",
  body: JSON.stringify(value),
  ...(headers && { headers }),
});

/** The error object that most operations document. */
export const errorReply = (status: number, code: number, message: string): Reply =>
  json(status, { code, message, more_info: `https://signalwire.com/docs/errors#${code}`, status });

/** The 422 of "Update a Conference Recording", which has a shape of its own. */
export const errorTexts = (...errors: readonly string[]): Reply => json(422, { errors });

export const notFound = (): Reply => errorReply(404, 20404, "No such resource");
export const unauthorized = (): Reply => errorReply(401, 20003, "Not authenticated");
export const unavailable = (): Reply => errorReply(503, 20503, "Not available at the moment");
export const invalid = (message: string, code = 10000): Reply => errorReply(422, code, message);

/** A plan that only ever gives this answer. */
export const always = (reply: Reply): Planned => ({ run: () => reply });
