/** Entry point of the process of an OPC UA server: what clients do in it can delay nothing in the station, and cannot end it. */
import { EventEmitter } from 'node:events';
import type { AddressSpace } from 'node-opcua-address-space';
import { processData, whenAlone } from '../../../engine/workers/start.ts';
import type { StateMessage } from '../../contract/line.ts';
import { Asking } from './asking.ts';
import { bindConfiguration } from './configuration-methods.ts';
import { JobEvents } from './job-events.ts';
import type { RunningJob, ServerSetup, ToServer } from './messages.ts';
import type { RoleOf } from './methods.ts';
import { RecipeMethods } from './recipe-methods.ts';
import { ResultMethods } from './result-methods.ts';
import { Results } from './results.ts';
import { makeServer } from './server.ts';
import { VisionStates, visionStateOf } from './state.ts';
import { bindStates } from './state-methods.ts';
import { fillTypeValues } from './type-values.ts';
import { makeVisionNodes, type VisionNodes } from './vision-system.ts';

const setup = processData<ServerSetup>();
// each item that a client watches is a listener of its node: from the eleventh on Node would warn, and the library ends the process as the node is
// to be written into that warning
EventEmitter.defaultMaxListeners = 0;
// what it writes are keys
process.umask(0o077);

const FAREWELL_MILLIS = 1000;

type Told = Exclude<ToServer, { type: 'answer' }>;

/** Fills the server's nodes; gives what takes in all that the station tells. */
function fill({ server, clients }: Awaited<ReturnType<typeof makeServer>>, asking: Asking): (told: Told) => void {
  const space = server.engine.addressSpace!;
  fillTypeValues(space);
  const { settings, station, version } = setup;
  const { roleOf } = clients;
  const nodes = makeVisionNodes(space, station, version);
  const results = new Results(space, settings.hold, nodes.configuration);
  const resultMethods = new ResultMethods(space, nodes, results, roleOf, asking);
  const recipes = new RecipeMethods(space, nodes, clients, asking);
  bindConfiguration(space, nodes, station, roleOf);
  const follow = followStates(space, nodes, roleOf, asking);
  return (told) => {
    if (told.type === 'job') return follow.job(told.job);
    if (told.type === 'state') {
      recipes.follow(told.recipes, told.state.recipe?.id ?? null);
      return follow.state(told.state);
    }
    if (told.type === 'leave') return clients.leave(server, told.id);
    const { part } = told;
    const isFull = settings.acknowledge && results.isFull && !results.byId(part.id);
    if (!isFull) {
      const shown = results.add(part, recipes.byId(part.recipe), told.job);
      if (shown) resultMethods.announce(shown);
    }
    const why = isFull ? `${settings.hold} results wait to be acknowledged` : null;
    asking.tell({ type: 'shown', sequence: part.sequence, why });
  };
}

/** The state machines of the system, by what the station and the clients say of it. */
function followStates(
  space: AddressSpace,
  nodes: VisionNodes,
  roleOf: RoleOf,
  asking: Asking,
): { job(now: RunningJob | null): void; state(now: StateMessage): void } {
  const states = new VisionStates(space, nodes.states, nodes.automatic);
  const jobEvents = new JobEvents(space, nodes);
  let state: StateMessage | null = null;
  let isHalted = false;
  let job: RunningJob | null = null;
  const follow = (): void => states.follow(visionStateOf(state, isHalted, job));
  const setHalted = (now: boolean): void => {
    isHalted = now;
    follow();
  };
  const commands = {
    halt: () => {
      setHalted(true);
      asking.ask('endJob', 'abort').catch(() => undefined);
    },
    reset: () => setHalted(false),
    isReady: () => states.now.automatic === 'Ready',
  };
  bindStates(space, nodes, roleOf, commands, asking);
  return {
    job: (now) => {
      const before = job;
      if (before?.id === now?.id) return;
      job = now;
      follow();
      if (now) jobEvents.started(now);
      else if (before && states.now.automatic === 'Ready') jobEvents.ready(before);
    },
    state: (now) => {
      state = now;
      follow();
    },
  };
}

async function start(): Promise<void> {
  let hear: (told: Told) => void = () => undefined;
  let shutDown = (): Promise<void> => Promise.resolve();
  // also while it starts: without its station nothing would end it
  whenAlone(() => {
    // while clients are told good-bye another station may be there, and ask for the port
    setTimeout(() => process.exit(), FAREWELL_MILLIS);
    void shutDown().finally(() => process.exit());
  });
  const asking = new Asking((told) => hear(told));
  try {
    const made = await makeServer(setup, asking);
    const { server } = made;
    hear = fill(made, asking);
    await server.start();
    shutDown = () => server.shutdown(0);
    asking.tell({ type: 'listening', url: server.getEndpointUrl() ?? '' });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const { listen, port } = setup.settings;
    const why = code === 'EADDRINUSE' ? `cannot listen on ${listen} port ${port} (${code})` : message;
    asking.tell({ type: 'failed', why });
    process.disconnect();
    process.exitCode = 1;
    setTimeout(() => process.exit(), 500).unref();
  }
}

void start();
