/** Numbers and times as the page writes them. */

/**
 * A score with four significant digits, never in powers of ten between 0.001 and 99,999. Just below 1, where probabilities crowd, with two
 * digits of what is missing to 1.
 */
export function formatScore(score: number): string {
  if (score === 0) return '0';
  const size = Math.abs(score);
  if (size >= 100_000 || size < 0.001) return score.toExponential(2);
  const missing = score > 0.9 && score < 1 ? 1 - Math.floor(Math.log10(1 - score)) : 0;
  return score.toFixed(Math.max(0, Math.min(6, 3 - Math.floor(Math.log10(size))), Math.min(8, missing)));
}

/** A share 0..1 in percent; one digit behind the point unless it is whole. */
export function formatShare(share: number): string {
  const percent = Math.round(share * 1000) / 10;
  return `${Number.isInteger(percent) ? percent : percent.toFixed(1)} %`;
}

export function formatMillis(millis: number): string {
  return millis < 1000 ? `${Math.round(millis)} ms` : `${(millis / 1000).toFixed(1)} s`;
}

/** Time of day, with the date where that is not today's. */
export function formatTime(iso: string, now = new Date()): string {
  const time = new Date(iso);
  const clock = time.toLocaleTimeString('en-GB');
  if (time.toDateString() === now.toDateString()) return clock;
  const date = time.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
  return `${date}, ${clock}`;
}

/** Seconds as the two largest units: `3 d 4 h`, `12 min 5 s`. */
export function formatDuration(seconds: number): string {
  const whole = Math.floor(seconds);
  const units: [string, number][] = [
    ['d', Math.floor(whole / 86_400)],
    ['h', Math.floor(whole / 3600) % 24],
    ['min', Math.floor(whole / 60) % 60],
    ['s', whole % 60],
  ];
  const first = units.findIndex(([, count]) => count > 0);
  if (first < 0) return '0 s';
  return units
    .slice(first, first + 2)
    .filter(([, count]) => count > 0)
    .map(([unit, count]) => `${count} ${unit}`)
    .join(' ');
}

export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 ** 2) return `${(bytes / 1024).toFixed(0)} KiB`;
  return `${(bytes / 1024 ** 2).toFixed(1)} MiB`;
}

/** `1 image`, `2 images`. */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en-GB')} ${noun}${count === 1 ? '' : 's'}`;
}
