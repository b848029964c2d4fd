/**
 * An OPC UA server after OPC 40100-1 (machine vision) and OPC 40001-101 (results), in a process of its own, so that no client can delay a
 * decision. A part is held until a client acknowledged it; where the process ends another is started, and is given all that was held.
 */
import { join } from 'node:path';
import { FelfriError } from '../../../core/errors.ts';
import { felfriVersion } from '../../../core/version.ts';
import type { PartMessage, StateMessage } from '../../contract/line.ts';
import type { Recipe } from '../../contract/recipes.ts';
import type { Connector, Delivery, LineTools } from '../connector.ts';
import { Jobs } from './jobs.ts';
import type { FromServer, KnownRecipe, Question, Questions, ServerSetup } from './messages.ts';
import { ServerProcess } from './server-process.ts';
import type { OpcuaSettings } from './settings.ts';
import { SignedInClients } from './signed-in.ts';

/** Before a server that ended is started again. */
const AGAIN_MILLIS = 1000;
/** In which it must say that it shows a part. */
const SHOW_MILLIS = 5000;
const WAITS = 'the OPC UA server is not ready yet';

const undelivered = (why: string): FelfriError => new FelfriError('LINE_UNDELIVERED', why);

const known = ({ id, name, revision, bundleHash, createdAt }: Recipe): KnownRecipe => ({
  id,
  name,
  revision,
  hash: bundleHash,
  createdAt,
});

class Opcua implements Connector {
  readonly #settings: OpcuaSettings;
  readonly #tools: LineTools;
  readonly #shown = new Map<number, (why: string | null) => void>();
  readonly #jobs: Jobs;
  #server: ServerProcess;
  readonly #signedIn = new SignedInClients((id) => this.#server.send({ type: 'leave', id }));
  #problem: string | null = WAITS;
  #clients = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isClosed = false;

  constructor(settings: OpcuaSettings, tools: LineTools) {
    this.#settings = settings;
    this.#tools = tools;
    this.#jobs = new Jobs(settings, tools, () => this.#tellJob());
    this.#server = this.#start();
  }

  #start(): ServerProcess {
    const { name, station, folder } = this.#tools;
    const setup: ServerSetup = {
      settings: this.#settings,
      folder: join(folder, 'opcua', name),
      station,
      version: felfriVersion,
    };
    return new ServerProcess(setup, {
      heard: (message) => this.#hear(message),
      answer: (question, ask) => this.#answer(question, ask),
      ended: (why) => this.#ended(why),
    });
  }

  get connected(): boolean {
    return this.#clients > 0;
  }

  #hear(message: Exclude<FromServer, { type: 'ask' }>): void {
    if (message.type === 'listening') {
      this.#problem = null;
      this.#tools.over('server');
      this.tell(this.#tools.state());
      this.#tellJob();
      this.#tools.retry();
    } else if (message.type === 'failed') this.#problem = message.why;
    else if (message.type === 'clients') {
      this.#clients = message.count;
      if (!this.#settings.acknowledge && message.count > 0) this.#tools.retry();
    } else if (message.type === 'left') this.#signedIn.left(message.id);
    else this.#shown.get(message.sequence)?.(message.why);
  }

  #ended(why: string): void {
    if (this.#isClosed) return;
    // what the server itself said of its end says more
    this.#problem = this.#problem && this.#problem !== WAITS ? this.#problem : why;
    this.#tools.alarm('server', undelivered(this.#problem));
    this.#clients = 0;
    this.#signedIn.clear();
    for (const end of this.#shown.values()) end(this.#problem);
    this.#tools.bringAgain();
    this.#timer = setTimeout(() => {
      this.#server = this.#start();
    }, AGAIN_MILLIS);
  }

  async #answer<Q extends Question>(question: Q, ask: Questions[Q]['ask']): Promise<Questions[Q]['answer']> {
    const { signIn, taken, recipes } = this.#tools;
    const answers: { [K in Question]: (ask: Questions[K]['ask']) => Promise<Questions[K]['answer']> } = {
      signIn: async ({ name, secret }) => this.#signedIn.add(await signIn(name, secret)),
      taken: async (sequences) => {
        await taken(sequences);
        this.#jobs.forget(sequences);
        return null;
      },
      activate: async ({ recipe, by }) =>
        known(await recipes.activate(recipe, await this.#signedIn.require(by, 'engineer'))),
      startJob: async (job) => {
        const started = this.#jobs.start(job);
        this.#tellJob();
        return started;
      },
      endJob: async (how) => {
        const refused = this.#jobs.end(how);
        this.#tellJob();
        return refused;
      },
    };
    return answers[question](ask);
  }

  async deliver(part: PartMessage, signal: AbortSignal): Promise<Delivery> {
    if (this.#problem !== null) throw undelivered(this.#problem);
    const { acknowledge } = this.#settings;
    if (!acknowledge && this.#clients === 0) throw undelivered('no OPC UA client is connected');
    let timer: ReturnType<typeof setTimeout> | undefined;
    let stop = (): void => undefined;
    try {
      const why = await new Promise<string | null>((resolve, reject) => {
        this.#shown.set(part.sequence, resolve);
        timer = setTimeout(
          () => resolve(`the OPC UA server showed no part within ${SHOW_MILLIS / 1000} s`),
          SHOW_MILLIS,
        );
        stop = () => reject(signal.reason as Error);
        signal.addEventListener('abort', stop);
        this.#server.send({ type: 'part', part, job: this.#jobs.of(part) });
      });
      if (why !== null) throw undelivered(why);
      this.#jobs.shown(part.sequence);
      if (!acknowledge) this.#jobs.forget([part.sequence]);
      return acknowledge ? 'held' : 'delivered';
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      this.#shown.delete(part.sequence);
    }
  }

  #tellJob(): void {
    this.#server.send({ type: 'job', job: this.#jobs.running });
  }

  tell(state: StateMessage): void {
    void this.#tell(state);
  }

  async #tell(state: StateMessage): Promise<void> {
    // a database that is away does not keep the state from its readers
    const recipes = await this.#tools.recipes.all().catch(() => undefined);
    this.#server.send({ type: 'state', state, ...(recipes && { recipes: recipes.map(known) }) });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#jobs.close();
    this.#signedIn.close();
    await this.#server.close();
  }
}

export const makeOpcua = async (settings: OpcuaSettings, tools: LineTools): Promise<Connector> =>
  new Opcua(settings, tools);
