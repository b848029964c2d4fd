/** Notices that nobody uses the page. */

const signs = ['pointerdown', 'pointermove', 'keydown'] as const;

/** Calls `onIdle` once no key or pointer was used for `seconds`, and every 15 s from then on; gives what ends the watch. */
export function whenIdle(seconds: number, onIdle: () => void): () => void {
  const millis = 1000 * seconds;
  let used = performance.now();
  const use = (): void => {
    used = performance.now();
  };
  for (const sign of signs) addEventListener(sign, use, { passive: true });
  const timer = setInterval(
    () => {
      if (performance.now() - used >= millis) onIdle();
    },
    Math.min(15_000, millis / 2),
  );
  return () => {
    clearInterval(timer);
    for (const sign of signs) removeEventListener(sign, use);
  };
}
