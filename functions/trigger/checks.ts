import type { SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";

/** What became of one check, for its log line. */
export type CheckTold = { readonly requestId: string; readonly error?: string };

/**
 * Takes a batch of queue messages, each for itself: one that fails keeps no other from being done, and is named in the answer so
 * that the queue delivers it again ("Reporting batch item failures", AWS Lambda Developer Guide).
 */
export const checksHandler =
  (ports: { readonly check: (body: string) => Promise<void>; readonly tell: (told: CheckTold) => void }) =>
  async (event: SQSEvent): Promise<SQSBatchResponse> => {
    const one = async ({ messageId, body }: SQSRecord) => {
      try {
        await ports.check(body);
        ports.tell({ requestId: messageId });
        return [];
      } catch (error) {
        ports.tell({ requestId: messageId, error: error instanceof Error ? error.name : typeof error });
        return [{ itemIdentifier: messageId }];
      }
    };
    return { batchItemFailures: (await Promise.all(event.Records.map(one))).flat() };
  };
