import { type AwsService, type AwsServiceOptions, createAwsService } from "../../functions/aws/service.ts";

/** A service at `endpoint`, asked once unless `more` says otherwise. */
export const serviceAt = (
  endpoint: string,
  service: AwsServiceOptions["service"],
  more: Partial<AwsServiceOptions> = {},
): AwsService =>
  createAwsService({
    service,
    region: "eu-central-1",
    origin: new URL(endpoint),
    credentials: () => ({ accessKeyId: "local", secretAccessKey: "local" }),
    now: Date.now,
    maxAttempts: 1,
    ...more,
  });

/** The same service, with `around` in the way of each call. */
export const withCalls = (
  service: AwsService,
  around: (
    operation: string,
    input: Record<string, unknown>,
    call: () => Promise<unknown>,
  ) => Promise<unknown>,
): AwsService => ({
  call: (operation, input, shape, timeoutMs) =>
    around(operation, { ...input }, () => service.call(operation, input, shape, timeoutMs)) as never,
});
