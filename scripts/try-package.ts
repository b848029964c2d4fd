/**
 * Tries the packed felfri as a user meets it: in an empty project and installed for all, where there is no network at all, under the Node
 * that runs this and under a current one from the registry. Each does the main job: simulated parts, a training, an inspection.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { access, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { packHere } from './pack-here.ts';
import { repositoryPath } from './repository.ts';

/** Node 20 ended in April 2026; this is what people install today. */
const CURRENT_NODE = '26.12.1';

const work = await mkdtemp(join(tmpdir(), 'felfri-package-'));
const home = join(work, 'home');
/** A namespace without a network is refused to some users; then npm alone is told to stay offline. */
const cut = spawnSync('unshare', ['-n', 'true']).status === 0 ? ['unshare', '-n'] : [];
const npmCommand = execFileSync('which', ['npm'], { encoding: 'utf8' }).trim();

/** Runs a program without a network and without this environment; what it prints is shown when it fails. */
function run(what: string, node: string, cwd: string, program: readonly string[]): string {
  const [command, ...args] = [...cut, ...program];
  const env = { PATH: `${dirname(node)}:${process.env['PATH']}`, HOME: home, npm_config_cache: join(home, 'cache') };
  const { status, stdout, stderr } = spawnSync(command!, args, { cwd, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${what} ended with ${status}:\n${stdout}${stderr}`);
  return stdout + stderr;
}

async function currentNode(): Promise<string> {
  const folder = join(work, 'node');
  await mkdir(folder);
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--prefix', folder, `${name}@${CURRENT_NODE}`]);
  return join(folder, 'node_modules', name, 'bin/node');
}

/** The main job and the library, by a felfri that is installed. */
function doMainJob(node: string, cwd: string, felfri: string): void {
  const parts = ['simulate', 'bearing-ring', '-o', 'rings', '--parts', '4', '--images-per-part', '6', '--size', '64'];
  run('simulate', node, cwd, [node, felfri, ...parts, '--quiet']);
  run('train', node, cwd, [
    node,
    felfri,
    'train',
    'flow',
    'rings',
    '-o',
    'flow',
    '--size',
    '64',
    '--epochs',
    '1',
    '--quiet',
  ]);
  const script = `import { Inspector } from 'felfri';
    const inspector = await Inspector.open('flow');
    const { decision, score } = await inspector.inspect('rings/images/ring000-inner-00.png');
    if (!['OK', 'REVIEW', 'NG'].includes(decision) || !Number.isFinite(score)) throw new Error(decision);
    await inspector.close();`;
  run('the library', node, cwd, [node, '--input-type=module', '--eval', script]);
}

/** What a program in TypeScript sees of an installed felfri, every declaration checked. */
async function checkTypes(node: string, project: string): Promise<void> {
  const program = `import { Inspector } from 'felfri';
    import { StationClient } from 'felfri/client';
    import * as engine from 'felfri/engine';
    const { score } = await (await Inspector.open('flow')).inspect('part.png');
    const number: number = score;
    export { engine, number, StationClient };`;
  const compilerOptions = { target: 'es2023', lib: ['es2023', 'dom'], module: 'nodenext', strict: true, types: [] };
  await writeFile(join(project, 'use.mts'), program);
  await writeFile(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['use.mts'] }));
  run('the types', node, project, [node, repositoryPath('node_modules/typescript/bin/tsc'), '--noEmit', '-p', '.']);
}

async function tryIn(node: string, packed: string): Promise<void> {
  const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
  const project = join(work, `project-${version}`);
  const everywhere = join(work, `global-${version}`);
  await mkdir(project);
  await writeFile(join(project, 'package.json'), '{ "name": "empty", "version": "1.0.0", "private": true }\n');
  const npm = [node, npmCommand, 'install', '--no-audit', '--no-fund', ...(cut.length === 0 ? ['--offline'] : [])];
  const said = run('npm install', node, project, [...npm, packed]);
  if (/warn|ERR/i.test(said)) throw new Error(`npm install complains:\n${said}`);
  const web = join(project, 'node_modules/felfri/dist/web');
  await access(join(web, 'docs/documents/Installing.html'));
  const licences = await readFile(join(web, 'licences.md'), 'utf8');
  for (const name of ['svelte', 'd3-scale', 'onnxruntime-web'])
    if (!licences.includes(`\n## ${name} - `)) throw new Error(`the page comes without the licence of ${name}`);
  await checkTypes(node, project);
  doMainJob(node, project, join(project, 'node_modules/felfri/dist/cli/main.js'));
  run('npm install -g', node, work, [...npm, '--global', '--prefix', everywhere, packed]);
  const told = run('felfri --version', node, work, [join(everywhere, 'bin/felfri'), '--version']);
  console.log(`felfri ${told.trim()} installs and works without a network under Node ${version}`);
}

try {
  const packed = await packHere(work);
  await mkdir(home);
  for (const node of [process.execPath, await currentNode()]) await tryIn(node, packed);
} finally {
  await rm(work, { recursive: true, force: true });
}
