import { expect, it } from 'vitest';
import type { StateMessage } from '../../contract/line.ts';
import type { JobKind } from './messages.ts';
import { visionStateOf } from './state.ts';

const stateOf = (change: Partial<StateMessage>): StateMessage => ({
  type: 'state',
  station: 'press-7',
  online: true,
  ready: true,
  reason: null,
  recipe: { id: 'r', name: 'rings', revision: 1 },
  degraded: [],
  at: '2026-01-01T00:00:00Z',
  ...change,
});

it.each([
  ['Preoperational', null, null, false],
  ['Operational', 'Ready', stateOf({}), false],
  ['Operational', 'SingleExecution', stateOf({}), false, 'single'],
  ['Operational', 'ContinuousExecution', stateOf({}), false, 'continuous'],
  ['Error', null, stateOf({ ready: false, reason: 'nothing can be recorded: the disk is full' }), false, 'single'],
  ['Operational', 'Initialized', stateOf({ ready: false, recipe: null, reason: 'no recipe is active' }), false],
  ['Error', null, stateOf({ ready: false, reason: 'nothing can be recorded: the disk is full' }), false],
  ['Error', null, stateOf({ ready: false, recipe: null, reason: 'the active recipe "rings" cannot be used' }), false],
  ['Halted', null, stateOf({}), true],
] as const)('is %s, %s, as its station is', (main, automatic, state, isHalted, kind?: JobKind) => {
  expect(visionStateOf(state, isHalted, kind ? { id: 'a', kind } : null)).toMatchObject({ main, automatic });
});
