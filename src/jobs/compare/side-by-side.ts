/** Several pieces of work at once, no more than so many, begun in their order. */

/** The results in the order of the items. Rejects with the first error, after the work under way is over; no more is begun then. */
export async function sideBySide<T, R>(
  items: readonly T[],
  lanes: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  let failed = false;
  const lane = async (): Promise<void> => {
    while (next < items.length && !failed) {
      const at = next++;
      try {
        results[at] = await work(items[at]!);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const settled = await Promise.allSettled(Array.from({ length: Math.max(1, lanes) }, lane));
  for (const each of settled) if (each.status === 'rejected') throw each.reason;
  return results;
}
