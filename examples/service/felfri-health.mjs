// Whether a station answers, for what watches over it: code 0 where it does, else 1. Needs Node alone.
//   node felfri-health.mjs [ADDRESS] [--ready] [--wait SECONDS]
// Asks /health, which says that the process lives; with --ready /ready, which says that an image would be decided.
// --wait: asks again until it answers so or the seconds are over. With a certificate of an own authority set
// NODE_EXTRA_CA_CERTS to that authority's file.
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { ready: { type: 'boolean', default: false }, wait: { type: 'string', default: '0' } },
});
const [address = 'http://127.0.0.1:7350'] = positionals;
const url = `${address}/${values.ready ? 'ready' : 'health'}`;
const until = Date.now() + 1000 * Number(values.wait);
const ask = () =>
  fetch(url, { signal: AbortSignal.timeout(10_000) }).then(
    async (answer) => (answer.ok ? null : `${answer.status} ${await answer.text()}`),
    (error) => String(error.cause?.message ?? error.message),
  );
let why = await ask();
while (why !== null && Date.now() < until) {
  await new Promise((resolve) => setTimeout(resolve, 500));
  why = await ask();
}
if (why !== null) {
  console.error(`${url}: ${why}`);
  process.exitCode = 1;
}
