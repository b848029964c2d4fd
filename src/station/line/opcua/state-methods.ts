/** Methods of the state machines: halt and reset, and jobs. The station says which job may start; here it is asked. */
import type { AddressSpace } from 'node-opcua-address-space';
import type { Asking } from './asking.ts';
import type { JobEnd, JobKind } from './messages.ts';
import { bind, Refusal, type RoleOf } from './methods.ts';
import { MACHINE_VISION, Structures, scalar } from './values.ts';
import type { VisionNodes } from './vision-system.ts';

interface StateCommands {
  halt(): void;
  reset(): void;
  /** Whether a job may start. */
  isReady(): boolean;
}

const idOf = (structure: unknown): string => (structure as { id?: string | null } | null)?.id ?? '';
const nothing = () => [];

export function bindStates(
  space: AddressSpace,
  { states, automatic }: VisionNodes,
  roleOf: RoleOf,
  { halt, reset, isReady }: StateCommands,
  asking: Asking,
): void {
  const structures = new Structures(space, MACHINE_VISION);
  const jobId = (fields: object) =>
    scalar('ExtensionObject', structures.make('JobIdDataType', fields as Record<string, unknown>));
  const commands = { Halt: halt, Reset: reset, SelectModeAutomatic: () => undefined };
  for (const [name, work] of Object.entries(commands))
    bind(states, name, roleOf, {
      least: 'operator',
      call: () => {
        work();
        return [];
      },
      empty: nothing,
    });
  const start = (kind: JobKind) => async (inputs: readonly unknown[]) => {
    const [meas, part, recipe, product] = inputs.slice(0, 4).map(idOf);
    if (!isReady()) throw new Refusal('notNow');
    if (product !== '') throw new Refusal('unknown');
    if (((inputs[4] as readonly unknown[] | null) ?? []).length > 0) throw new Refusal('notOffered');
    const answer = await asking.ask('startJob', { kind, meas: meas!, part: part!, recipe: recipe! });
    if ('refused' in answer) throw new Refusal(answer.refused);
    return [jobId({ id: answer.id })];
  };
  const end = (how: JobEnd) => async () => {
    const refused = await asking.ask('endJob', how);
    if (refused) throw new Refusal(refused);
    return [];
  };
  const jobs = { StartSingleJob: start('single'), StartContinuous: start('continuous') };
  for (const [name, call] of Object.entries(jobs))
    bind(automatic, name, roleOf, { least: 'operator', call, empty: () => [jobId({})] });
  for (const [name, how] of [
    ['Stop', 'stop'],
    ['Abort', 'abort'],
  ] as const)
    bind(automatic, name, roleOf, { least: 'operator', call: end(how), empty: nothing });
}
