import { expect, it } from 'vitest';
import { mayRedirect } from './address.ts';

it.each([
  ['https://hub.example/file', 'https://cdn.example/file', true],
  ['http://127.0.0.1:8000/file', 'http://127.0.0.1:8000/bytes', true],
  ['http://localhost/file', 'https://cdn.example/file', true],
  // whoever keeps the hub must not make felfri ask the services of this machine
  ['https://hub.example/file', 'http://127.0.0.1:9200/', false],
  ['https://hub.example/file', 'http://[::1]/', false],
  ['https://hub.example/file', 'http://localhost/', false],
  ['http://localhost/file', 'http://hub.example/file', false],
  ['https://hub.example/file', 'file:///etc/passwd', false],
])('follows a redirect from %s to %s: %s', (from, to, follows) => {
  expect(mayRedirect(new URL(from), new URL(to))).toBe(follows);
});
