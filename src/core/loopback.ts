/** Whether an address is of this machine alone. */
import { lookup } from 'node:dns/promises';
import { BlockList, isIPv6 } from 'node:net';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8);
loopback.addAddress('::1', 'ipv6');

/** Whether only this machine reaches it, by the addresses that the name stands for: a name may begin with 127 and be another machine's. */
export async function isLoopback(host: string): Promise<boolean> {
  const found = await lookup(host, { all: true }).catch(() => []);
  return found.length > 0 && found.every(({ address }) => loopback.check(address, isIPv6(address) ? 'ipv6' : 'ipv4'));
}
