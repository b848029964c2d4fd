/** Values of OPC UA, by their types. */
import type { AddressSpace, UADataType } from 'node-opcua-address-space';
import { DataType, Variant, VariantArrayType } from 'node-opcua-variant';

export const MACHINE_VISION = 'http://opcfoundation.org/UA/MachineVision';
export const MACHINERY_RESULT = 'http://opcfoundation.org/UA/Machinery/Result/';

type Scalar = keyof typeof DataType & string;

export const scalar = (type: Scalar, value: unknown): Variant => new Variant({ dataType: DataType[type], value });

export const list = (type: Scalar, value: readonly unknown[]): Variant =>
  new Variant({ dataType: DataType[type], arrayType: VariantArrayType.Array, value: [...value] });

/** Makes structures of a nodeset. */
export class Structures {
  readonly #space: AddressSpace;
  readonly #index: number;
  readonly #types = new Map<string, UADataType>();

  constructor(space: AddressSpace, uri: string) {
    this.#space = space;
    this.#index = space.getNamespaceIndex(uri);
  }

  make(type: string, fields: Record<string, unknown>): object {
    const known = this.#types.get(type) ?? this.#space.findDataType(type, this.#index)!;
    this.#types.set(type, known);
    return this.#space.constructExtensionObject(known, fields);
  }
}
