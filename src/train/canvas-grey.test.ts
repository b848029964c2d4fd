import { describe, expect, it } from 'vitest';
import { expectClose } from '../../test/close.ts';
import { Random } from '../core/random.ts';
import { createGraph } from '../engine/operators/table.ts';
import { runGraph } from '../engine/run-graph.ts';
import { canvasGrey, canvasStandardised } from './canvas-grey.ts';

const canvas = { height: 32, width: 32, fit: 'letterbox' as const };

async function onCanvas(grey: (i: number) => number, height: number, width: number) {
  const data = new Uint8Array(height * width * 3).map((_, i) => grey(Math.floor(i / 3)));
  const graph = createGraph();
  const pixels = graph.input('pixels', [-1, -1, 3], 'uint8');
  const outputs = { raw: canvasGrey(pixels, canvas), standard: canvasStandardised(pixels, canvas) };
  return runGraph(outputs, { pixels: { shape: [height, width, 3], data } });
}

describe('canvasStandardised', () => {
  const random = Random.of(4, 'texture');
  const texture = Array.from({ length: 32 * 32 }, () => 100 + Math.round(20 * random.uniform(-1, 1)));

  it('has mean one half and a deviation of one eighth', async () => {
    const { standard } = await onCanvas((i) => texture[i]!, 32, 32);
    const mean = standard!.data.reduce((a, b) => a + b, 0) / 1024;
    const deviation = Math.sqrt(standard!.data.reduce((a, b) => a + (b - mean) ** 2, 0) / 1024);
    expect(mean).toBeCloseTo(0.5, 4);
    expect(deviation).toBeCloseTo(0.125, 3);
  });

  it('is the same under another exposure, which the raw canvas is not', async () => {
    const dark = await onCanvas((i) => texture[i]!, 32, 32);
    const bright = await onCanvas((i) => 2 * texture[i]! - 30, 32, 32);
    expectClose(bright['standard']!.data, dark['standard']!.data, 'standardised', { absolute: 1e-3 });
    expect(Math.abs(bright['raw']!.data[5]! - dark['raw']!.data[5]!)).toBeGreaterThan(0.1);
  });

  it('stays within 0 and 1 and finite for an image of one grey value, or with one bright spot', async () => {
    for (const grey of [() => 7, (i: number) => (i === 3 ? 255 : 90)]) {
      const { standard } = await onCanvas(grey, 20, 32);
      expect(standard!.data.every((v) => v >= 0 && v <= 1)).toBe(true);
    }
  });
});
