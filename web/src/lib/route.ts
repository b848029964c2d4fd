/** An address within the page: what stands behind `#`, so that the service need not know the pages. */
import type { Page } from '../shell/pages.ts';

export interface Route {
  /** As it stands in the address; the list of pages says whether there is one. */
  readonly page: string;
  /** What stands behind the page's name: a record's or a recipe's id. */
  readonly id: string | undefined;
  readonly query: URLSearchParams;
}

export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  const [page = '', id] = path.split('/', 2);
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
