/** `of`, telling in `taken` what somebody who goes through it has taken. */
export function watched(of: readonly string[]): {
  readonly keys: readonly string[];
  readonly taken: readonly string[];
} {
  const taken: string[] = [];
  const keys = Object.assign([...of], {
    *[Symbol.iterator]() {
      for (const one of of) {
        taken.push(one);
        yield one;
      }
      return undefined;
    },
  });
  return { keys, taken };
}
