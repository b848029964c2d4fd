/** Where the focus is among the pictures of a data set, which stand in rows. */

const cards = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>('[data-hash]')];

/** The hash of the picture that has the focus. */
export const focusedHash = (): string | undefined => (document.activeElement as HTMLElement | null)?.dataset['hash'];

export const cardOf = (hash: string | undefined): HTMLElement | undefined =>
  cards().find((card) => card.dataset['hash'] === hash);

export const lastCard = (): HTMLElement | undefined => cards().at(-1);

/** Moves the focus on by so many pictures; to the first where none has it. */
export function stepFocus(by: number): void {
  const all = cards();
  const at = all.indexOf(document.activeElement as HTMLElement);
  all[at < 0 ? 0 : Math.max(0, Math.min(all.length - 1, at + by))]?.focus();
}

/** Pictures in a row. */
export function columns(): number {
  const all = cards();
  const top = all[0]?.getBoundingClientRect().top;
  const next = all.findIndex((card) => card.getBoundingClientRect().top !== top);
  return next < 0 ? all.length : next;
}
