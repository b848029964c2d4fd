/** The vision system of OPC 40100-1 in a server's address space, with the results of OPC 40001-101 beside it. */
import type { AddressSpace, UAObject } from 'node-opcua-address-space';
import { MACHINE_VISION, MACHINERY_RESULT, Structures, type scalar } from './values.ts';

/** Of the optional nodes those that felfri has. */
const optionals = [
  'ConfigurationManagement',
  'RecipeManagement',
  'RecipeManagement.Recipes',
  'RecipeManagement.ReleaseRecipeHandle',
  'ResultManagement',
  'ResultManagement.ReleaseResultHandle',
  'VisionStateMachine.AutomaticModeStateMachine',
  'VisionStateMachine.SelectModeAutomatic',
];

const machineryOptionals = [
  'AcknowledgeResults',
  'GetLatestResult',
  'GetResultById',
  'GetResultIdListFiltered',
  'ReleaseResultHandle',
];

export interface VisionNodes {
  readonly system: UAObject;
  readonly states: UAObject;
  readonly automatic: UAObject;
  readonly configurations: UAObject;
  readonly recipes: UAObject;
  readonly results: UAObject;
  /** ResultManagement of OPC 40001-101. */
  readonly machineryResults: UAObject;
  /** Which configuration it is that results are made with: the line's station, by this felfri. */
  readonly configuration: object;
}

export function makeVisionNodes(space: AddressSpace, station: string, version: string): VisionNodes {
  const vision = space.getNamespaceIndex(MACHINE_VISION);
  const machinery = space.getNamespaceIndex(MACHINERY_RESULT);
  const { server, objects } = { server: space.rootFolder.objects.server, objects: space.rootFolder.objects };
  const system = space.findObjectType('VisionSystemType', vision)!.instantiate({
    browseName: 'VisionSystem',
    displayName: station,
    organizedBy: objects,
    notifierOf: server,
    eventNotifier: 1,
    optionals,
  });
  const machineryResults = space.findObjectType('ResultManagementType', machinery)!.instantiate({
    browseName: { name: 'ResultManagement', namespaceIndex: machinery },
    componentOf: system,
    eventSourceOf: system,
    optionals: machineryOptionals,
  });
  const child = (of: UAObject, name: string): UAObject => {
    const found = of.getChildByName(name, vision) as UAObject | null;
    if (!found) throw new Error(`the nodeset gave no ${name}`);
    return found;
  };
  const states = child(system, 'VisionStateMachine');
  const automatic = child(states, 'AutomaticModeStateMachine');
  const configurations = child(system, 'ConfigurationManagement');
  const nodes = {
    system,
    states,
    automatic,
    configurations,
    recipes: child(system, 'RecipeManagement'),
    results: child(system, 'ResultManagement'),
    machineryResults,
    configuration: new Structures(space, MACHINE_VISION).make('ConfigurationIdDataType', { id: station, version }),
  };
  for (const source of [states, automatic, nodes.recipes, nodes.results])
    system.addReference({ referenceType: 'HasEventSource', nodeId: source.nodeId });
  return nodes;
}

/** Sets a variable of an object by its name. */
export function setVariable(space: AddressSpace, of: UAObject, name: string, value: ReturnType<typeof scalar>): void {
  const found = of.getChildByName(name, space.getNamespaceIndex(MACHINE_VISION));
  (found as unknown as { setValueFromSource(value: unknown): void }).setValueFromSource(value);
}
