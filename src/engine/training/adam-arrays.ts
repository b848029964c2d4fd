/** The arithmetic of Adam over plain arrays: what each thread that takes part does. */

type Floats = Float32Array<ArrayBuffer>;

/** One weight, its gradient and its moments, of equal lengths. */
export interface AdamArrays {
  readonly weight: Floats;
  readonly gradient: Floats;
  readonly first: Floats;
  readonly second: Floats;
}

export interface UpdateRule {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
  /** Factor of the gradient that clips it. */
  readonly scale: number;
  /** Learning rate, over the bias of the first moment. */
  readonly stepSize: number;
  /** One over the root of the second moment's bias. */
  readonly correction: number;
}

/** Updates weight and moments in place. */
export function updateArrays({ weight: w, gradient: g, first: m, second: v }: AdamArrays, rule: UpdateRule): void {
  const { beta1, beta2, epsilon, weightDecay, scale, stepSize, correction } = rule;
  for (let i = 0; i < w.length; i++) {
    const d = g[i]! * scale + weightDecay * w[i]!;
    const first = beta1 * m[i]! + (1 - beta1) * d;
    const second = beta2 * v[i]! + (1 - beta2) * d * d;
    m[i] = first;
    v[i] = second;
    w[i]! -= (stepSize * first) / (Math.sqrt(second) * correction + epsilon);
  }
}
