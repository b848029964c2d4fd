/** What Adam is asked to do, and the numbers of one of its updates: the same wherever it is computed. */

export interface AdamOptions {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** L2 coefficient, added to the gradient as coefficient x weight. */
  readonly weightDecay: number;
  /** Largest global norm of the gradient before the update; Infinity to leave it alone. */
  readonly clipNorm: number;
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

/** The rule of the update that is the `step`th, counted from 1; `norm` is the gradient's global norm. */
export function updateRule(options: AdamOptions, step: number, norm: number, learningRate: number): UpdateRule {
  const { clipNorm, beta1, beta2, epsilon, weightDecay } = options;
  return {
    beta1,
    beta2,
    epsilon,
    weightDecay,
    scale: Math.min(1, clipNorm / (norm + 1e-6)),
    stepSize: learningRate / (1 - beta1 ** step),
    correction: 1 / Math.sqrt(1 - beta2 ** step),
  };
}
