/** Days as date fields give them. */

/** Midnight of a day `YYYY-MM-DD`, or of one some days later, by the clock of this browser, as ISO 8601; undefined of what is no day. */
export function midnight(date: string, daysLater = 0): string | undefined {
  const [year, month, day] = date.split('-').map(Number);
  if (year === undefined || month === undefined || day === undefined) return undefined;
  const time = new Date(year, month - 1, day + daysLater);
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}
