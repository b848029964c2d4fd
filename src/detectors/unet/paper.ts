/** The U-Net as published. */

/** Viberg et al., "A Case for Unsupervised Defect Detection in Manufacturing", section on the U-Net. */
export const paperUnet = {
  base: 64,
  /** Pixels along a patch. */
  patch: 256,
  /** Shared part of neighbouring patches. */
  overlap: 0.5,
  learningRate: 1e-4,
  lowestLearningRate: 1e-6,
  /** Epochs without improvement after which the learning rate is lowered. */
  patience: 5,
} as const;

/** Four times halved: height and width must be multiples of this, pixels. */
export const unetStride = 16;
