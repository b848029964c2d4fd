/** The one configuration of a vision system: its station, by this version of felfri. */
import type { AddressSpace } from 'node-opcua-address-space';
import { bind, Refusal, type RoleOf } from './methods.ts';
import { list, MACHINE_VISION, Structures, scalar } from './values.ts';
import { setVariable, type VisionNodes } from './vision-system.ts';

const NO_HANDLE = scalar('UInt32', 0);

export function bindConfiguration(space: AddressSpace, nodes: VisionNodes, station: string, roleOf: RoleOf): void {
  const { configurations, configuration } = nodes;
  const structures = new Structures(space, MACHINE_VISION);
  const of = (internalId: object) =>
    scalar('ExtensionObject', structures.make('ConfigurationDataType', { internalId, lastModified: new Date() }));
  const active = of(configuration);
  setVariable(space, configurations, 'ActiveConfiguration', active);
  const require = (given: unknown): void => {
    if ((given as { id?: string | null } | null)?.id !== station) throw new Refusal('unknown');
  };
  bind(configurations, 'ActivateConfiguration', roleOf, {
    least: 'engineer',
    call: ([given]) => {
      require(given);
      return [];
    },
    empty: () => [],
  });
  bind(configurations, 'GetConfigurationById', roleOf, {
    least: 'reader',
    call: ([given]) => {
      require(given);
      return [NO_HANDLE, active];
    },
    empty: () => [NO_HANDLE, of(structures.make('ConfigurationIdDataType', {}))],
  });
  const answer = (found: readonly unknown[]) => [
    scalar('Boolean', true),
    scalar('UInt32', found.length),
    NO_HANDLE,
    list('ExtensionObject', found),
  ];
  bind(configurations, 'GetConfigurationList', roleOf, {
    least: 'reader',
    call: ([most, start]) => answer((start as number) > 0 || most === 0 ? [] : [active.value]),
    empty: () => answer([]),
  });
}
