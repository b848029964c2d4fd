/**
 * Variables of types have no value, and the library ends the process where it is to send some of these: as when a client selects, of an event, a
 * field that only another type of event has. So each that cannot be sent gets the value that stands for none.
 */
import type { AddressSpace, BaseNode, UAVariable } from 'node-opcua-address-space';
import { DataType, Variant, VariantArrayType } from 'node-opcua-variant';

/** OPC 10000-6, 5.2.2.5: the earliest. */
const NO_TIME = new Date(Date.UTC(1601, 0, 1));

interface Nodes {
  nodeIterator(): Iterable<BaseNode>;
}

const isVariable = (node: BaseNode): node is UAVariable => 'setValueFromSource' in node;

function canBeSent(value: Variant): boolean {
  try {
    value.binaryStoreSize();
    return true;
  } catch {
    return false;
  }
}

const nothing: Readonly<Partial<Record<DataType, unknown>>> = {
  [DataType.Boolean]: false,
  [DataType.Int32]: 0,
  [DataType.Int64]: [0, 0],
  [DataType.DateTime]: NO_TIME,
};

const noneOf = ({ dataType, arrayType }: Variant): Variant =>
  new Variant({ dataType, arrayType, value: arrayType === VariantArrayType.Scalar ? nothing[dataType] : null });

export function fillTypeValues(space: AddressSpace): void {
  for (const namespace of space.getNamespaceArray())
    for (const node of (namespace as unknown as Nodes).nodeIterator()) {
      if (!isVariable(node)) continue;
      const { value } = node.readValue();
      if (value && !canBeSent(value)) node.setValueFromSource(noneOf(value));
    }
}
