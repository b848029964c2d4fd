/** A real station for the page's state, which asks it as in a browser: by addresses without a host. */
import type { AddressInfo } from 'node:net';
import { startStation, type TestStation } from './station.ts';

/** From now on `fetch` takes addresses without a host for this station's, until it is closed. */
export async function stationOfPage(folder: string): Promise<TestStation> {
  const own = await startStation(folder);
  await own.app.listen({ host: '127.0.0.1', port: 0 });
  const address = `http://127.0.0.1:${(own.app.server.address() as AddressInfo).port}`;
  const { fetch } = globalThis;
  globalThis.fetch = (asked, init) => fetch(typeof asked === 'string' ? new URL(asked, address) : asked, init);
  return {
    ...own,
    close: async () => {
      globalThis.fetch = fetch;
      await own.close();
    },
  };
}
