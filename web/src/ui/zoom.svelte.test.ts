import { expect, it } from 'vitest';
import { Zoom } from './zoom.svelte.ts';

it('keeps what is pointed at in its place, and stays within the picture', () => {
  const zoom = new Zoom();
  expect([zoom.transform, zoom.closer]).toEqual(['none', false]);
  zoom.by(2, { x: 0.25, y: 0.75 });
  expect(zoom.transform).toBe('translate(-25%, -75%) scale(2)');
  zoom.by(2, { x: 0.25, y: 0.75 });
  expect(zoom.transform).toBe('translate(-75%, -225%) scale(4)');
  zoom.move(10, -10);
  expect(zoom.transform).toBe('translate(0%, -300%) scale(4)');
  zoom.by(1e9);
  expect(zoom.scale).toBe(16);
  zoom.by(1e-9);
  expect([zoom.transform, zoom.scale]).toEqual(['none', 1]);
  zoom.by(3);
  zoom.reset();
  expect(zoom.transform).toBe('none');
});
