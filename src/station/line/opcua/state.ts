/** The state machines of a vision system, as the station's state is. */
import {
  type AddressSpace,
  promoteToStateMachine,
  type TransitionSelector,
  type UAObject,
  type UAStateMachineEx,
} from 'node-opcua-address-space';
import type { StateMessage } from '../../contract/line.ts';
import { NO_RECIPE } from '../../readiness.ts';
import type { RunningJob } from './messages.ts';
import { MACHINE_VISION, scalar } from './values.ts';

type Main = 'Preoperational' | 'Halted' | 'Error' | 'Operational';
type Automatic = 'Initialized' | 'Ready' | 'SingleExecution' | 'ContinuousExecution';

interface VisionState {
  readonly main: Main;
  readonly automatic: Automatic | null;
  readonly reason: string;
}

const executing = { single: 'SingleExecution', continuous: 'ContinuousExecution' } as const;

/** What a vision system is while its station is in a state, and a job runs. */
export function visionStateOf(state: StateMessage | null, isHalted: boolean, job: RunningJob | null): VisionState {
  const not = (main: Main, reason: string): VisionState => ({ main, automatic: null, reason });
  if (isHalted) return not('Halted', 'halted by a client; Reset ends it');
  if (!state) return not('Preoperational', 'the station has not told its state yet');
  if (state.ready && state.recipe)
    return { main: 'Operational', automatic: job ? executing[job.kind] : 'Ready', reason: '' };
  const reason = state.reason ?? NO_RECIPE;
  if (reason === NO_RECIPE) return { main: 'Operational', automatic: 'Initialized', reason };
  return not('Error', reason);
}

/** The nodesets have two transitions between most states: one for a method, and one for what happens by itself. */
const byItself: TransitionSelector = (transitions) =>
  transitions.find(({ browseName }) => browseName.name?.endsWith('Auto')) ?? transitions[0] ?? null;

/** The states that lead from one to another, the last included. */
function stepsOf(from: Automatic | null, to: Automatic): Automatic[] {
  if (from === to) return [];
  const begin: Automatic[] = from === null ? ['Initialized'] : [];
  if (to === 'Initialized') return from === null || from === 'Ready' ? [to] : ['Ready', to];
  return from === 'Ready' || to === 'Ready' ? [...begin, to] : [...begin, 'Ready', to];
}

export class VisionStates {
  readonly #space: AddressSpace;
  readonly #main: UAStateMachineEx;
  readonly #automatic: UAStateMachineEx;
  #now: VisionState = { main: 'Preoperational', automatic: null, reason: '' };

  constructor(space: AddressSpace, main: UAObject, automatic: UAObject) {
    this.#space = space;
    this.#main = promoteToStateMachine(main);
    this.#automatic = promoteToStateMachine(automatic);
    this.#main.setState('Preoperational');
    this.#automatic.setState(null);
  }

  get now(): VisionState {
    return this.#now;
  }

  follow(next: VisionState): void {
    const { main, automatic } = this.#now;
    this.#now = next;
    // the sub-machine is there in Operational alone
    if (next.automatic === null && automatic !== null) this.#automatic.setState(null);
    for (const step of main === next.main ? [] : this.#way(next.main)) this.#enter(this.#main, step, next.reason);
    if (next.automatic !== null)
      for (const step of stepsOf(automatic, next.automatic))
        this.#enter(this.#automatic, step, step === next.automatic ? next.reason : '');
  }

  /** Where there is no transition it leads by Preoperational. */
  #way(next: Main): Main[] {
    const isDirect = this.#main.isValidTransition(next, byItself);
    return isDirect || next === 'Preoperational' ? [next] : ['Preoperational', next];
  }

  #enter(machine: UAStateMachineEx, state: string, reason: string): void {
    const from = machine.getCurrentState();
    machine.setState(state, byItself);
    const index = this.#space.getNamespaceIndex(MACHINE_VISION);
    const event = this.#space.findEventType('StateChangedEventType', index)!;
    const text = reason === '' ? state : `${state}: ${reason}`;
    machine.raiseEvent(event, {
      message: scalar('LocalizedText', { text }),
      severity: scalar('UInt16', state === 'Error' || state === 'Halted' ? 700 : 100),
      fromState: scalar('LocalizedText', { text: from ?? '' }),
      toState: scalar('LocalizedText', { text: state }),
      transition: scalar('LocalizedText', { text: `${from ?? ''}To${state}` }),
    });
  }
}
