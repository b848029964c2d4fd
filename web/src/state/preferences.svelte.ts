/** What this browser remembers between visits. A browser that stores nothing forgets it with the page. */
import { isLanguage, languageOf } from '../lib/operator-texts.ts';

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

/** Whether the heat map is out of the way, so that the part alone is seen. */
export const mapHidden = remembered('felfri-map-hidden', false, (v): v is boolean => typeof v === 'boolean');

/** In which the operator's view speaks. */
export const operatorLanguage = remembered(
  'felfri-language',
  languageOf(globalThis.navigator?.languages ?? []),
  isLanguage,
);

/** Who stands at the station; goes into feedback and the audit. May be empty. */
export const person = remembered('felfri-person', '', (v): v is string => typeof v === 'string' && v.length <= 80);

/** Classes of defect that were named in verdicts, last used first. */
export const usedClasses = remembered<readonly string[]>(
  'felfri-classes',
  [],
  (v): v is readonly string[] => Array.isArray(v) && v.every((one) => typeof one === 'string'),
);

/** Width of the small pictures of a data set, in rem. */
export const thumbnailSize = remembered(
  'felfri-thumbnails',
  11,
  (v): v is number => typeof v === 'number' && v >= 9 && v <= 30,
);

/** How strongly a mask that is drawn lies over the photograph, 0..1. */
export const maskOpacity = remembered(
  'felfri-mask-opacity',
  0.55,
  (v): v is number => typeof v === 'number' && v >= 0 && v <= 1,
);
