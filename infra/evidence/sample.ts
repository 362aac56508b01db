import { createHash } from "node:crypto";

/** How a sample is drawn, in words that let anybody draw it again. */
export const method =
  "A hold is named project/conference/position. The sample is the holds whose SHA-256 of seed, line feed and name, in hex, comes first in alphabetical order.";

export type Drawn<Member> = { readonly member: Member; readonly draw: string };

/** `size` of the members, each as likely as any other; the same for the same seed and members, in whatever order they come. */
export function drawSample<Member>(
  members: readonly Member[],
  nameOf: (member: Member) => string,
  { seed, size }: { readonly seed: string; readonly size: number },
): readonly Drawn<Member>[] {
  const draw = (member: Member) =>
    createHash("sha256")
      .update(`${seed}\n${nameOf(member)}`)
      .digest("hex");
  return members
    .map((member) => ({ member, draw: draw(member) }))
    .toSorted((one, other) => (one.draw < other.draw ? -1 : 1))
    .slice(0, size);
}
