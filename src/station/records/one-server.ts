/**
 * All connections of a station lead to one server of PostgreSQL. Where a replica was promoted while the former server runs on, as behind an address
 * that moved, those of before would go on recording where nobody looks any more.
 */
import type { Socket } from 'node:net';
import type pg from 'pg';

/** As a network that breaks: what waits for an answer is refused. pg's pool ends connections so, too; its types do not tell. */
const cut = (client: pg.ClientBase): void => {
  (client as unknown as { readonly connection: { readonly stream: Socket } }).connection.stream.destroy();
};

export class OneServer {
  readonly #clients = new Set<pg.ClientBase>();
  /** When the server was started, in microseconds: no two were at one time. */
  #server: string | undefined;

  /** To be called with each new connection, before it is used. Cuts those of before where they lead to another server. */
  async join(client: pg.ClientBase): Promise<void> {
    const { rows } = await client.query<{ server: string }>(
      'select extract(epoch from pg_postmaster_start_time())::text as server',
    );
    const { server } = rows[0]!;
    const others = server === this.#server ? [] : [...this.#clients];
    this.#server = server;
    for (const other of others) {
      this.#clients.delete(other);
      cut(other);
    }
    this.#clients.add(client);
    client.once('end', () => this.#clients.delete(client));
  }
}
