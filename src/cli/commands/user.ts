/** `felfri user`: who may do what at the station. */
import type { Command } from 'commander';
import type { Role } from '../../station/contract/access.ts';
import { oneOf } from '../options.ts';
import { type CommandContext, exitCode, type OutputOptions, print, runCommand } from '../run.ts';

interface UserOptions extends OutputOptions {
  readonly data: string;
}

type Process = typeof import('../user-process.ts');

/** Runs what changes a user and says so in a sentence. */
function change(
  options: UserOptions,
  work: (process: Process, context: CommandContext) => Promise<{ readonly json: object; readonly text: string }>,
): Promise<void> {
  return runCommand(options, async (context) => {
    const { json, text } = await work(await import('../user-process.ts'), context);
    print(options, json, text);
    return exitCode.ok;
  });
}

type MakeCommand = (line: string, description: string) => Command;

const role = oneOf('operator', 'engineer', 'admin');

function addAccountCommands(command: MakeCommand): void {
  command(
    'add <name>',
    'add a user; asks for the password, or reads it from standard input; the first must be an admin',
  )
    .option(
      '--role <role>',
      'operator inspects and judges parts, engineer also changes recipes, admin all',
      role,
      'operator',
    )
    .action((name: string, options: UserOptions & { role: Role }) =>
      change(options, async (process, { signal }) => {
        const made = await process.addUser(options.data, name, options.role, signal);
        return { json: { name: made, role: options.role }, text: `Added ${made} as ${options.role}.` };
      }),
    );

  command('list', 'all users with their roles and the labels of their tokens').action((options: UserOptions) =>
    change(options, async (process) => {
      const users = await process.listUsers(options.data);
      const lines = users.map((u) => `${u.name}  ${u.role}${u.tokens.map((label) => `  token "${label}"`).join('')}`);
      const text = lines.join('\n') || 'No users: on this machine alone the station is open.';
      return { json: { users: users.map(({ id: _, ...shown }) => shown) }, text };
    }),
  );

  command('role <name>', 'give a user another role')
    .argument('<role>', 'operator, engineer or admin', role)
    .action((name: string, to: Role, options: UserOptions) =>
      change(options, async (process) => {
        await process.setRole(options.data, name, to);
        return { json: { name, role: to }, text: `${name} is ${to} now.` };
      }),
    );

  command(
    'password <name>',
    'set a password and end the user’s sessions and tokens; asks for it, or reads standard input',
  ).action((name: string, options: UserOptions) =>
    change(options, async (process, { signal }) => {
      await process.setPassword(options.data, name, signal);
      return { json: { name }, text: `${name} has another password; its sessions and tokens ended.` };
    }),
  );

  command('remove <name>', 'remove a user with tokens and sessions; the name stays in the records').action(
    (name: string, options: UserOptions) =>
      change(options, async (process) => {
        await process.removeUser(options.data, name);
        return { json: { name }, text: `Removed ${name}.` };
      }),
  );
}

function addTokenCommands(command: MakeCommand): void {
  command('token <name>', 'make a token by which a program acts as the user; it is shown this once')
    .requiredOption('--label <text>', 'what it is for, such as the camera that brings it')
    .action((name: string, options: UserOptions & { label: string }) =>
      change(options, async (process) => {
        const token = await process.addToken(options.data, name, options.label);
        return { json: { name, label: options.label, token }, text: token };
      }),
    );

  command('revoke <name>', 'make a token worthless')
    .requiredOption('--label <text>', 'which')
    .action((name: string, options: UserOptions & { label: string }) =>
      change(options, async (process) => {
        await process.revokeToken(options.data, name, options.label);
        return { json: { name, label: options.label }, text: `Revoked the token "${options.label}" of ${name}.` };
      }),
    );

  command('tokens', 'all tokens, and when each was used last').action((options: UserOptions) =>
    change(options, async (process) => {
      const tokens = await process.listTokens(options.data);
      const lines = tokens.map(
        ({ user: name, label, createdAt, usedAt }) =>
          `${name}  "${label}"  made ${createdAt}  ${usedAt ? `used ${usedAt}` : 'never used'}`,
      );
      return { json: { tokens }, text: lines.join('\n') || 'No tokens.' };
    }),
  );

  command('sessions', 'who is signed in at the page, since when and from where').action((options: UserOptions) =>
    change(options, async (process) => {
      const sessions = (await process.listSessions(options.data)).map(({ hash: _, ...shown }) => shown);
      const lines = sessions.map((s) => `${s.id}  ${s.user}  from ${s.address}  since ${s.openedAt}  used ${s.seenAt}`);
      return { json: { sessions }, text: lines.join('\n') || 'Nobody is signed in.' };
    }),
  );

  command('end <session>', 'end a session, by the id that felfri user sessions shows').action(
    (id: string, options: UserOptions) =>
      change(options, async (process) => {
        await process.endSession(options.data, id);
        return { json: { session: id }, text: `Ended the session ${id}.` };
      }),
  );
}

export function addUserCommands(program: Command): void {
  const user = program.command('user').description('who may do what at the station: operator, engineer or admin');
  const command: MakeCommand = (line, description) =>
    user
      .command(line)
      .description(description)
      .option('--data <folder>', 'data folder of the station', 'felfri-station')
      .option('--json', 'one JSON object');
  addAccountCommands(command);
  addTokenCommands(command);
}
