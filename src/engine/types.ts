/** Types of the values of a graph. */

export type DType = 'float32' | 'int64' | 'bool' | 'uint8';

/** Type of a value. A dimension of -1 is known only at run time; it is legal on an image's height and width alone. */
export interface ValueType {
  readonly dtype: DType;
  readonly shape: readonly number[];
}
