/** What a command that another felfri process started tells it over their channel. */
import type { Problem } from '../data/listing.ts';
import type { TrainingProgress } from '../train/training-task.ts';

export type JobMessage =
  | { readonly kind: 'phase'; readonly name: string }
  | { readonly kind: 'progress'; readonly done: number; readonly total: number }
  | { readonly kind: 'training'; readonly progress: TrainingProgress }
  | { readonly kind: 'problem'; readonly problem: Problem }
  | { readonly kind: 'warning'; readonly message: string };
