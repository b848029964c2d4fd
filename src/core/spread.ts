/** A few items of many, from all over their list. */

/** At most `count` of the items, from all over the list, which may be sorted by class. */
export function spread<T>(items: readonly T[], count: number): readonly T[] {
  const step = Math.max(1, items.length / count);
  return Array.from({ length: Math.min(count, items.length) }, (_, i) => items[Math.floor(i * step)]!);
}
