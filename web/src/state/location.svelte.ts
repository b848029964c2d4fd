/** Which page is shown, as the address bar says. */
import { parseRoute, type Route } from '../lib/route.ts';

class Location {
  #route = $state.raw<Route>(parseRoute(globalThis.location?.hash ?? ''));

  get route(): Route {
    return this.#route;
  }

  /** Begins to follow the address bar; returns the function that ends it. */
  connect(): () => void {
    const follow = (): void => {
      this.#route = parseRoute(window.location.hash);
    };
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }

  go(address: string): void {
    window.location.hash = address;
  }

  /** As `go`, but the way back does not stop here: for a search that changes while somebody types. */
  replace(address: string): void {
    history.replaceState(null, '', address);
    this.#route = parseRoute(address);
  }
}

export const location = new Location();
