/**
 * Does `work` for every item, at most `atMost` at a time. After a failure nothing new is begun, and what was begun is waited for
 * (in a frozen process a forgotten request would answer minutes later); then the first failure is thrown.
 */
export async function inParallel<Item, Result>(
  items: Iterable<Item>,
  atMost: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const failures: unknown[] = [];
  const queue = [...items].entries();
  const worker = async () => {
    for (const [index, item] of queue) {
      try {
        results[index] = await work(item);
      } catch (failure) {
        failures.push(failure);
      }
      if (failures.length > 0) return;
    }
  };
  await Promise.all(Array.from({ length: atMost }, worker));
  if (failures.length > 0) throw failures[0];
  return results;
}
