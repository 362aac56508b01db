import { AwsFailure } from "../aws/failure.ts";
import type { AwsService } from "../aws/service.ts";
import { readJson } from "../http/read-json.ts";

/** A DynamoDB that answers every query with what was put into it, newest first, and an SQS that takes anything: both in memory. */
export function createMadeUpAws(): AwsService {
  const items: unknown[] = [];
  return {
    async call(operation, input, shape) {
      if ("Item" in input) items.unshift(input.Item);
      // As the JSON that comes from AWS.
      const answer = readJson(JSON.stringify({ MessageId: "rehearsal", Items: items }), shape);
      if (answer === undefined) throw new AwsFailure(operation, {});
      return answer;
    },
  };
}
