import type { SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import type { ConferenceRef } from "../recording/ids.ts";

type Check = ConferenceRef & { readonly hop: number };

/** What became of one check, for its log line: whoever reads an alarm finds here which conference it is about. */
export type CheckTold = Partial<Check> & { readonly requestId: string; readonly error?: string };

export type ChecksPorts<One extends Check> = {
  /** Throws where the message is no check. */
  readonly read: (body: string) => One;
  /** `delivery`: which message it came in, and how often that came by now. */
  readonly check: (
    check: One,
    delivery: { readonly message: string; readonly count: number },
  ) => Promise<void>;
  readonly tell: (told: CheckTold) => void;
};

/**
 * Takes a batch of queue messages, each for itself: one that fails keeps no other from being done, and is named in the answer so
 * that the queue delivers it again ("Reporting batch item failures", AWS Lambda Developer Guide).
 */
export const checksHandler =
  <One extends Check>(ports: ChecksPorts<One>) =>
  async (event: SQSEvent): Promise<SQSBatchResponse> => {
    const one = async ({ messageId, body, attributes }: SQSRecord) => {
      let told: CheckTold = { requestId: messageId };
      try {
        const check = ports.read(body);
        const { project, conference, hop } = check;
        told = { ...told, project, conference, hop };
        await ports.check(check, { message: messageId, count: deliveriesIn(attributes) });
        ports.tell(told);
        return [];
      } catch (error) {
        ports.tell({ ...told, error: error instanceof Error ? error.name : typeof error });
        return [{ itemIdentifier: messageId }];
      }
    };
    return { batchItemFailures: (await Promise.all(event.Records.map(one))).flat() };
  };

const deliveriesIn = (attributes: SQSRecord["attributes"] | undefined): number =>
  Number(attributes?.ApproximateReceiveCount ?? 1) || 1;
