/** Methods of the state machines. Jobs are started by images, or by triggers of other outputs: none starts here. */
import type { AddressSpace } from 'node-opcua-address-space';
import { bind, Refusal, type RoleOf } from './methods.ts';
import { MACHINE_VISION, Structures, scalar } from './values.ts';
import type { VisionNodes } from './vision-system.ts';

interface StateCommands {
  halt(): void;
  reset(): void;
}

export function bindStates(space: AddressSpace, nodes: VisionNodes, roleOf: RoleOf, commands: StateCommands): void {
  const { states, automatic } = nodes;
  const none = scalar('ExtensionObject', new Structures(space, MACHINE_VISION).make('JobIdDataType', {}));
  const refused = (outputs: readonly ReturnType<typeof scalar>[]) => ({
    least: 'operator' as const,
    call: (): never => {
      throw new Refusal('notOffered');
    },
    empty: () => outputs,
  });
  const does = (work: () => void) => ({
    least: 'operator' as const,
    call: () => {
      work();
      return [];
    },
    empty: () => [],
  });
  bind(
    states,
    'Halt',
    roleOf,
    does(() => commands.halt()),
  );
  bind(
    states,
    'Reset',
    roleOf,
    does(() => commands.reset()),
  );
  bind(
    states,
    'SelectModeAutomatic',
    roleOf,
    does(() => undefined),
  );
  for (const name of ['Abort', 'Stop']) bind(automatic, name, roleOf, refused([]));
  for (const name of ['StartSingleJob', 'StartContinuous']) bind(automatic, name, roleOf, refused([none]));
}
