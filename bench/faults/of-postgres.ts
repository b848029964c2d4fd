/** Faults of a station whose records are in PostgreSQL: one row each. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { SilentNetwork } from '../../test/support/silent-network.ts';
import { type Fault, type Here, lasting, type Outage, ofStation, outage, short } from './of-station.ts';
import type { Postgres } from './postgres.ts';

export interface HerePostgres extends Here {
  readonly postgres: Postgres;
  readonly proxy: SilentNetwork;
}

const SET_READ_ONLY = 'alter system set default_transaction_read_only = on';

const others =
  'select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname is not null';

function holding(table: string): Fault<HerePostgres> {
  return ({ postgres, random }) =>
    postgres.with(async (client) => {
      await client.query('begin');
      await client.query(`lock table ${table} in access exclusive mode`);
      const found = await outage(lasting(random));
      await client.query('rollback');
      return found;
    });
}

async function down({ postgres, random }: HerePostgres, stop: () => Promise<void>): Promise<Outage> {
  await stop();
  const found = await outage(short(random));
  await postgres.start();
  return found;
}

export const postgresFaults: Record<string, Fault<HerePostgres>> = {
  ...ofStation,
  'disk full': async ({ disk, postgres, random }) => {
    await disk.fill();
    const found = await outage(short(random));
    await disk.free();
    // without room for its log it ends itself
    if (postgres.pids().length === 0) await postgres.start();
    return found;
  },
  'disk full, and SIGKILL': async ({ disk, postgres, station, random }) => {
    await disk.fill();
    await sleep(random.uniform(50, 500));
    await station.end('SIGKILL');
    await disk.free();
    if (postgres.pids().length === 0) await postgres.start();
    await station.start();
    return null;
  },
  'restart of PostgreSQL (fast)': (here) => down(here, () => here.postgres.stop('fast')),
  'restart of PostgreSQL (immediate)': (here) => down(here, () => here.postgres.stop('immediate')),
  'SIGKILL of the postmaster': (here) =>
    down(here, async () => here.postgres.signal('SIGKILL', here.postgres.pids().slice(0, 1))),
  'SIGKILL of a backend, so that PostgreSQL recovers': async ({ postgres, random }) => {
    postgres.signal('SIGKILL', [random.pick(postgres.pids().slice(1))]);
    return null;
  },
  'synchronous_commit off, and a crash': async (here) => {
    const { postgres, random } = here;
    await postgres.with(async (client) => {
      await client.query('alter system set synchronous_commit = off');
      await client.query('select pg_reload_conf()');
    });
    // in which records are acknowledged
    await sleep(short(random));
    const found = await down(here, async () => postgres.signal('SIGKILL'));
    await postgres.with((client) => client.query('alter system reset synchronous_commit'));
    return found;
  },
  'all connections cut': ({ postgres }) =>
    postgres.with(async (client) => {
      await client.query(others);
      return null;
    }),
  'table of inspections locked': holding('inspections'),
  'read-only': ({ postgres, random }) =>
    postgres.with(async (client) => {
      await client.query(SET_READ_ONLY);
      await client.query('select pg_reload_conf()');
      await sleep(300);
      const found = await outage(short(random));
      await client.query('alter system reset default_transaction_read_only');
      await client.query('select pg_reload_conf()');
      return found;
    }),
  'PostgreSQL frozen (SIGSTOP)': async ({ postgres, random }) => {
    const pids = postgres.pids();
    postgres.signal('SIGSTOP', pids);
    const found = await outage(lasting(random));
    postgres.signal('SIGCONT', pids);
    return found;
  },
  'PostgreSQL frozen, and SIGTERM': async ({ postgres, station }) => {
    const pids = postgres.pids();
    postgres.signal('SIGSTOP', pids);
    await sleep(500);
    const seconds = await station.end('SIGTERM');
    postgres.signal('SIGCONT', pids);
    if (seconds > 20) throw new Error(`SIGTERM took ${seconds} s`);
    await station.start();
    return null;
  },
  'network silent, then late': async ({ proxy, random }) => {
    proxy.silence();
    const found = await outage(lasting(random));
    proxy.speak('go on');
    return found;
  },
  'network silent, connections dead': async ({ proxy, random }) => {
    proxy.silence();
    const found = await outage(lasting(random));
    proxy.speak('stay silent');
    return found;
  },
};
