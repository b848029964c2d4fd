import { expect, test } from 'vitest';
import { partOfFile } from './part-of-file.ts';

test.each([
  ['IMG_1062.JPG', 'IMG_1062'],
  ['ring.034.tiff', 'ring.034'],
  ['P-2001', 'P-2001'],
  ['.png', ''],
  ['part v1.2 final', 'part v1.2 final'],
  [`${'x'.repeat(120)}.png`, 'x'.repeat(100)],
])('%s shows %s', (name, part) => expect(partOfFile(name)).toBe(part));
