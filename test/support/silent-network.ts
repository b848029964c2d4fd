/** Stands between the station and PostgreSQL, to be a network that goes silent: bytes stop, and no connection is closed. */
import { rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';

export class SilentNetwork {
  readonly #server: Server;
  readonly #pairs = new Set<readonly [Socket, Socket]>();
  #silent = false;

  private constructor(server: Server) {
    this.#server = server;
  }

  /** Listens in `folder` as PostgreSQL would, and passes on to the socket in `behind`. */
  static async start(folder: string, behind: string): Promise<SilentNetwork> {
    const name = '.s.PGSQL.5432';
    rmSync(join(folder, name), { force: true });
    const server = createServer((near) => {
      const far = connect(join(behind, name));
      const pair = [near, far] as const;
      proxy.#pairs.add(pair);
      for (const [from, to] of [pair, [far, near]] as const) {
        from.on('error', () => undefined);
        from.on('close', () => {
          to.destroy();
          proxy.#pairs.delete(pair);
        });
        if (!proxy.#silent) from.pipe(to);
      }
    });
    const proxy = new SilentNetwork(server);
    await new Promise<void>((resolve) => server.listen(join(folder, name), resolve));
    return proxy;
  }

  /** From now on nothing passes, in connections that are there and in new ones. */
  silence(): void {
    this.#silent = true;
    for (const [near, far] of this.#pairs) {
      near.unpipe(far).pause();
      far.unpipe(near).pause();
    }
  }

  /** New connections work again; those from before go on late, or stay silent for ever. */
  speak(former: 'go on' | 'stay silent'): void {
    this.#silent = false;
    if (former === 'stay silent') return;
    for (const [near, far] of this.#pairs) {
      near.pipe(far);
      far.pipe(near);
    }
  }

  end(): void {
    for (const [near, far] of this.#pairs) {
      near.destroy();
      far.destroy();
    }
    this.#server.close();
  }
}
