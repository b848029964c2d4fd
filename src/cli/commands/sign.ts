/** `felfri key`, `felfri sign` and `felfri verify`: who stands for a bundle. */
import { basename, join } from 'node:path';
import type { Command } from 'commander';
import {
  keyId,
  newKeyPair,
  privateEnding,
  publicEnding,
  readPrivateKey,
  readPublicKey,
} from '../../bundle/signature/keys.ts';
import { signBundle } from '../../bundle/signature/sign.ts';
import { type Revocation, revokedEnding } from '../../bundle/signature/trusted-keys.ts';
import { verifyBundle } from '../../bundle/signature/verify.ts';
import { FelfriError } from '../../core/errors.ts';
import { writeFileAtomic, writeJson } from '../../core/files.ts';
import { requireWritableFile } from '../../core/outputs.ts';
import { keepPrivate } from '../private-files.ts';
import { exitCode, type OutputOptions, print, runCommand } from '../run.ts';

const passphrase = (): string | undefined => process.env['FELFRI_KEY_PASSPHRASE'];

/** A name that is a file's, and stands in messages and records. */
function requireName(name: string): string {
  if (/^[\p{L}\p{N}][\p{L}\p{N}._ -]{0,59}$/u.test(name)) return name;
  throw new FelfriError('OPTION_INVALID', `got the name ${JSON.stringify(name)}; legal are letters, digits, ., _, - and spaces, up to 60`, { subject: 'name' }); // biome-ignore format: one line
}

function addKey(program: Command): void {
  const key = program.command('key').description('keys by which bundles are signed, and their end');
  key
    .command('new')
    .description('make a pair of keys: the private one signs and stays with you, the public one goes to the stations')
    .argument('<name>', 'whose it is, such as quality-2026')
    .option('-o, --output <folder>', 'where both go', '.')
    .option('--json', 'one JSON object')
    .addHelpText('after', '\nFELFRI_KEY_PASSPHRASE encrypts the private key; sign then needs it too.')
    .action((name: string, options: OutputOptions & { output: string }) =>
      runCommand(options, async () => {
        keepPrivate();
        const own = join(options.output, `${requireName(name)}${privateEnding}`);
        const given = join(options.output, `${name}${publicEnding}`);
        for (const path of [own, given]) await requireWritableFile(path);
        const { privatePem, publicPem, id } = newKeyPair(passphrase());
        await writeFileAtomic(own, privatePem);
        await writeFileAtomic(given, publicPem);
        const isEncrypted = passphrase() !== undefined;
        print(
          options,
          { id, private: own, public: given, encrypted: isEncrypted },
          `${own}: keep it to yourself${isEncrypted ? '' : '; it is not encrypted (FELFRI_KEY_PASSPHRASE)'}\n${given}: for the folder of trusted keys of every station\nid ${id}`,
        );
        return exitCode.ok;
      }),
    );
  key
    .command('revoke')
    .description('write the file that ends a key, for the folder of trusted keys of every station')
    .argument('<public-key>', `the NAME${publicEnding}`)
    .requiredOption('--reason <text>', 'why, as refusals will say')
    .requiredOption('-o, --output <folder>', 'where NAME.revoked.json goes, such as the folder of trusted keys')
    .option('--json', 'one JSON object')
    .action((path: string, options: OutputOptions & { reason: string; output: string }) =>
      runCommand(options, async () => {
        const id = keyId(await readPublicKey(path));
        const name = basename(path).replace(/(\.pub)?\.pem$/, '');
        const target = join(options.output, `${name}${revokedEnding}`);
        await requireWritableFile(target);
        const revocation: Revocation = { key: id, at: new Date().toISOString(), reason: options.reason };
        await writeJson(target, revocation);
        print(options, { file: target, ...revocation }, `${target}: ${name} counts no more where this file lies`);
        return exitCode.ok;
      }),
    );
}

export function addSigningCommands(program: Command): void {
  addKey(program);
  program
    .command('sign')
    .description('sign every file of a bundle, so that stations can tell that it is yours')
    .argument('<bundle>', 'folder that felfri train wrote')
    .requiredOption('--key <file>', `private key, NAME${privateEnding}`)
    .option('--note <text>', 'why, such as the number of the release')
    .option('--json', 'one JSON object')
    .action((bundle: string, options: OutputOptions & { key: string; note?: string }) =>
      runCommand(options, async () => {
        const key = await readPrivateKey(options.key, passphrase());
        const { files, ...signed } = await signBundle(bundle, key, options.note ?? null);
        const names = Object.keys(files);
        print(
          options,
          { bundle, ...signed, files },
          `${bundle}: ${names.length} files signed by ${signed.key}\n${names.join('\n')}${signed.keys.length > 1 ? `\nkeys that signed these files: ${signed.keys.length}` : ''}`,
        );
        return exitCode.ok;
      }),
    );
  program
    .command('verify')
    .description('say whether trusted keys signed a bundle, and whether it is as it was then')
    .argument('<bundle>', 'folder of a bundle')
    .requiredOption(
      '--trusted <folder>',
      `keys that count: NAME${publicEnding}, and NAME${revokedEnding} of those that count no more`,
    )
    .option('--json', 'one JSON object')
    .action((bundle: string, options: OutputOptions & { trusted: string }) =>
      runCommand(options, async () => {
        const found = await verifyBundle(bundle, options.trusted);
        const lines = [
          `${bundle}: all ${found.files.length} files are as they were signed at ${found.signedAt}`,
          ...found.signers.map(({ name, key }) => `by ${name} (${key})`),
          ...found.revoked.map(({ name, key }) => `also by ${name} (${key}), which is revoked`),
          ...(found.note === null ? [] : [`note: ${found.note}`]),
        ];
        print(options, { bundle, ...found }, lines.join('\n'));
        return exitCode.ok;
      }),
    );
}
