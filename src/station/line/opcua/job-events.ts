/** Events that tell of jobs: that one started, and that the system is ready for the next. */
import type { AddressSpace } from 'node-opcua-address-space';
import type { RunningJob } from './messages.ts';
import { MACHINE_VISION, Structures, scalar } from './values.ts';
import type { VisionNodes } from './vision-system.ts';

export class JobEvents {
  readonly #space: AddressSpace;
  readonly #nodes: VisionNodes;
  readonly #structures: Structures;

  constructor(space: AddressSpace, nodes: VisionNodes) {
    this.#space = space;
    this.#nodes = nodes;
    this.#structures = new Structures(space, MACHINE_VISION);
  }

  started({ id, kind }: RunningJob): void {
    this.#tell('JobStartedEventType', id, `a ${kind} job started`);
  }

  /** After that job. */
  ready({ id, kind }: RunningJob): void {
    this.#tell('ReadyEventType', id, `ready after a ${kind} job`);
  }

  #tell(name: string, id: string, text: string): void {
    const type = this.#space.findEventType(name, this.#space.getNamespaceIndex(MACHINE_VISION))!;
    this.#nodes.automatic.raiseEvent(type, {
      message: scalar('LocalizedText', { text }),
      severity: scalar('UInt16', 100),
      jobId: scalar('ExtensionObject', this.#structures.make('JobIdDataType', { id })),
    });
  }
}
