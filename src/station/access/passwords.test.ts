import { expect, it } from 'vitest';
import { hashPassword, isPassword, newSecret } from './passwords.ts';

it('passwords are kept as salted scrypt hashes of the stated cost, and recognised', async () => {
  const one = await hashPassword('correct horse');
  const two = await hashPassword('correct horse');
  expect(one).toMatch(/^scrypt\$17\$8\$1\$[A-Za-z0-9+/]{22}==\$[A-Za-z0-9+/]{43}=$/);
  expect(one).not.toBe(two);
  expect(await isPassword('correct horse', one)).toBe(true);
  expect(await isPassword('correct horsf', one)).toBe(false);
  expect(await isPassword('', undefined)).toBe(false);
});

it('a password is the same however its letters are encoded', async () => {
  const composed = 'Pr\u00fcfstation';
  const kept = await hashPassword(composed.normalize('NFD'));
  expect(await isPassword(composed, kept)).toBe(true);
});

it('a hash of other parameters, as an older felfri may have left, is checked by them', async () => {
  // RFC 7914, section 12: scrypt("pleaseletmein", "SodiumChloride", 16384, 8, 1), its first 32 bytes
  const key = Buffer.from('7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2', 'hex');
  const kept = `scrypt$14$8$1$${Buffer.from('SodiumChloride').toString('base64')}$${key.toString('base64')}`;
  expect(await isPassword('pleaseletmein', kept)).toBe(true);
  expect(await isPassword('pleaseletmeim', kept)).toBe(false);
});

it.each(['123456789', 'x'.repeat(201), 'x'.repeat(20), 'abababababab'])('refuses %s', async (password) => {
  await expect(hashPassword(password)).rejects.toMatchObject({ code: 'OPTION_INVALID', subject: 'password' });
});

it('computes two at once, lets a shift wait, and turns others away, so that many who sign in cannot take all memory', async () => {
  const answers = await Promise.allSettled([...'abcdefghijkl'].map((given) => isPassword(given, undefined)));
  expect(answers.map(({ status }) => status)).toEqual([...Array(10).fill('fulfilled'), 'rejected', 'rejected']);
  expect(await isPassword('e', undefined)).toBe(false);
});

it('secrets are long and unlike', () => {
  const { secret, hash } = newSecret('felfri_');
  expect(secret).toMatch(/^felfri_[0-9a-f]{64}$/);
  expect(hash).toMatch(/^[0-9a-f]{64}$/);
  expect(newSecret().secret).not.toBe(newSecret().secret);
});
