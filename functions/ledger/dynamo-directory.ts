import { PutItemCommand, QueryCommand } from "@aws-sdk/client-dynamodb";
import { type ConferenceSid, conferenceSid, isUuid, type Millis } from "../recording/ids.ts";
import { answerWithin } from "./answer-within.ts";
import type { LedgerTable } from "./dynamo-ledger.ts";
import { type Directory, LedgerFailure } from "./ledger.ts";

const keptSeconds = 86_400;

/**
 * The directory, in the table of the ledger. A note may be written over. It can never be written over an entry:
 * those are in partitions without `#room#` or `#call#`, and at positions from 1.
 */
export function createDynamoDirectory(options: LedgerTable & { readonly now: () => Millis }): Directory {
  const { client, table, now, timeoutMs = 1000 } = options;

  const note = async (pk: string, conference: ConferenceSid): Promise<void> => {
    const expires = Math.floor(now() / 1000) + keptSeconds;
    const Item = {
      pk: { S: pk },
      sk: { N: "0" },
      conference: { S: conference },
      expires: { N: String(expires) },
    };
    const command = new PutItemCommand({ TableName: table, Item });
    try {
      await answerWithin(timeoutMs, (abortSignal) => client.send(command, { abortSignal }));
    } catch (cause) {
      throw new LedgerFailure("the directory could not be written", { cause });
    }
  };

  const read = async (pk: string): Promise<ConferenceSid | undefined> => {
    const command = new QueryCommand({
      TableName: table,
      ConsistentRead: true,
      KeyConditionExpression: "pk = :pk AND sk = :sk",
      ExpressionAttributeValues: { ":pk": { S: pk }, ":sk": { N: "0" } },
    });
    try {
      const page = await answerWithin(timeoutMs, (abortSignal) => client.send(command, { abortSignal }));
      const { conference, expires } = page.Items?.[0] ?? {};
      // DynamoDB removes expired items when it gets to it, days later at times.
      const current = Number(expires?.N) * 1000 > now();
      return current && conference?.S && isUuid(conference.S) ? conferenceSid(conference.S) : undefined;
    } catch (cause) {
      throw new LedgerFailure("the directory could not be read", { cause });
    }
  };

  return {
    noteRoom: (project, room, conference) => note(`${project}#room#${room}`, conference),
    noteCall: (project, call, conference) => note(`${project}#call#${call}`, conference),
    conferenceOfRoom: (project, room) => read(`${project}#room#${room}`),
    conferenceOfCall: (project, call) => read(`${project}#call#${call}`),
  };
}
