/** What this browser remembers between visits. A browser that stores nothing forgets it with the page. */

function remembered<T>(key: string, start: T, isLegal: (value: unknown) => value is T) {
  let first = start;
  try {
    const value: unknown = JSON.parse(localStorage.getItem(key) ?? 'null');
    if (isLegal(value)) first = value;
  } catch {
    // unreadable or forbidden: the start value holds
  }
  let current = $state(first);
  return {
    get current(): T {
      return current;
    },
    set current(value: T) {
      current = value;
      try {
        localStorage.setItem(key, JSON.stringify(value));
      } catch {
        // kept for this visit alone
      }
    },
  };
}

/** How strongly the heat map lies over the photograph, 0..1. */
export const heatOpacity = remembered(
  'felfri-heat-opacity',
  0.75,
  (v): v is number => typeof v === 'number' && v >= 0 && v <= 1,
);

/** Who stands at the station; goes into feedback and the audit. May be empty. */
export const person = remembered('felfri-person', '', (v): v is string => typeof v === 'string' && v.length <= 80);

/** How strongly a mask that is drawn lies over the photograph, 0..1. */
export const maskOpacity = remembered(
  'felfri-mask-opacity',
  0.55,
  (v): v is number => typeof v === 'number' && v >= 0 && v <= 1,
);
