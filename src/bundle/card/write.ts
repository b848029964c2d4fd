/** Puts a bundle's model card beside its manifest. It is for people: nothing reads it, and a bundle without one is whole. */
import { join } from 'node:path';
import { writeFileAtomic } from '../../core/files.ts';
import type { BundleManifest } from '../schema.ts';
import { modelCard } from './card.ts';
import { cardFile, cardMarkdown } from './render.ts';

export const writeCard = (directory: string, manifest: BundleManifest): Promise<void> =>
  writeFileAtomic(join(directory, cardFile), cardMarkdown(modelCard(manifest)));
