/** An address within the page: what stands behind `#`, so that the service need not know the pages. */

const pages = [
  'live',
  'records',
  'review',
  'threshold',
  'recipes',
  'datasets',
  'training',
  'comparisons',
  'audit',
] as const;
export type Page = (typeof pages)[number];

export interface Route {
  readonly page: Page;
  /** What stands behind the page's name: a record's or a recipe's id. */
  readonly id: string | undefined;
  readonly query: URLSearchParams;
}

/** Anything that names no page leads to the live one. */
export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  const [name, id] = path.split('/', 2);
  const page = pages.find((p) => p === name);
  if (!page) return { page: 'live', id: undefined, query: new URLSearchParams() };
  return { page, id: id ? decode(id) : undefined, query: new URLSearchParams(query) };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The address of a page, of one thing on it, or of a search; empty values are left out. */
export function routeTo(page: Page, id?: string, query: Readonly<Record<string, string>> = {}): string {
  const search = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== '')).toString();
  return `#/${page}${id === undefined ? '' : `/${encodeURIComponent(id)}`}${search && `?${search}`}`;
}
