/** A network that is cut, which asks for one of its own (`unshare --net`). */
import { execFileSync } from 'node:child_process';
import { networkInterfaces } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../../src/core/random.ts';

/** Throws where the machine's own network would be cut. */
export function requireOwnNetwork(): void {
  if (Object.keys(networkInterfaces()).some((name) => name !== 'lo'))
    throw new Error('--network would cut the network of this machine: run it in one of its own, by unshare --net');
}

/** No packet goes anywhere, and nobody is told. */
export async function cutNetwork(random: Random): Promise<void> {
  execFileSync('ip', ['link', 'set', 'lo', 'down']);
  await sleep(random.uniform(100, 2000));
  execFileSync('ip', ['link', 'set', 'lo', 'up']);
}
