/**
 * Adam (Kingma and Ba 2015) with L2 added to the gradient, and clipping of the global gradient norm, over plain arrays. The
 * arithmetic is PyTorch's: clip first, then add the L2 term, then the moments.
 */
import type { NamedTensors } from '../../core/tensor.ts';
import { tensor } from '../../core/tensor.ts';

export interface AdamOptions {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** L2 coefficient, added to the gradient as coefficient x weight. */
  readonly weightDecay: number;
  /** Largest global norm of the gradient before the update; Infinity to leave it alone. */
  readonly clipNorm: number;
}

/** Euclidean norm over all tensors together. */
export function globalNorm(tensors: NamedTensors): number {
  let sum = 0;
  for (const { data } of tensors.values()) {
    let part = 0;
    for (let i = 0; i < data.length; i++) part += data[i]! * data[i]!;
    sum += part;
  }
  return Math.sqrt(sum);
}

export class Adam {
  readonly options: AdamOptions;
  readonly firstMoments: NamedTensors = new Map();
  readonly secondMoments: NamedTensors = new Map();
  /** Updates done so far. */
  steps = 0;

  constructor(options: AdamOptions, weights: NamedTensors) {
    this.options = options;
    for (const [name, { shape }] of weights) {
      this.firstMoments.set(name, tensor(shape));
      this.secondMoments.set(name, tensor(shape));
    }
  }

  /** Updates the weights in place and returns the gradient's global norm before clipping. */
  update(weights: NamedTensors, gradients: NamedTensors, learningRate: number): number {
    const { beta1, beta2, epsilon, weightDecay, clipNorm } = this.options;
    const norm = globalNorm(gradients);
    const scale = Math.min(1, clipNorm / (norm + 1e-6));
    this.steps++;
    const stepSize = learningRate / (1 - beta1 ** this.steps);
    const correction = 1 / Math.sqrt(1 - beta2 ** this.steps);
    const rule: UpdateRule = { beta1, beta2, epsilon, weightDecay, scale, stepSize, correction };
    for (const [name, { data }] of weights) {
      const { data: first } = this.firstMoments.get(name)!;
      const { data: second } = this.secondMoments.get(name)!;
      updateArray(data, gradients.get(name)!.data, first, second, rule);
    }
    return norm;
  }
}

interface UpdateRule {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
  /** Factor of the gradient that clips it. */
  readonly scale: number;
  readonly stepSize: number;
  readonly correction: number;
}

/** The inner loop, a function of its own so that the compiler sees nothing but arrays and numbers. */
function updateArray(w: Float32Array, g: Float32Array, m: Float32Array, v: Float32Array, rule: UpdateRule): void {
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
