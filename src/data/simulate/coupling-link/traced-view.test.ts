import { expect, test } from 'vitest';
import { drawLinkShape, linkBounds, linkDistance } from './link-shape.ts';
import { drawPose, project } from './pose.ts';
import { traceView } from './traced-view.ts';

const size = 96;
const box = { left: 0, top: 0, width: size, height: size };

test('a link is solid in its waist and around its holes, open in them, and within its bounds', () => {
  for (let part = 0; part < 20; part++) {
    const shape = drawLinkShape(5, part);
    const distance = linkDistance(shape);
    expect(distance(0, 0, 0)).toBeLessThan(-3);
    for (const [i, x] of [-shape.reach, shape.reach].entries()) {
      expect(distance(x, 0, 0)).toBeGreaterThan(3);
      expect(distance(x, (shape.eyes[i]! + shape.holes[i]!) / 2, 0)).toBeLessThan(-3);
    }
    for (let i = 0; i < 200; i++) {
      const along = (i / 100 - 1) * linkBounds.x;
      expect(distance(along, linkBounds.y, 0)).toBeGreaterThan(0);
      expect(distance(along, 0, linkBounds.z)).toBeGreaterThan(0);
    }
    expect(distance(linkBounds.x, 0, 0)).toBeGreaterThan(0);
  }
});

test('what is seen lies on the surface, under its own pixel, and faces the camera', () => {
  for (let image = 0; image < 8; image++) {
    const distance = linkDistance(drawLinkShape(5, 0));
    const pose = drawPose(5, 0, image, size);
    const { position, normal, cover, lit } = traceView(distance, pose, box);
    let seen = 0;
    const worst = { offSurface: 0, offPixel: 0, turnedAway: 0, lit: 0 };
    for (let p = 0, i = 0; p < cover.length; p++, i += 3) {
      if (cover[p] !== 1) continue;
      seen++;
      const point = [position[i]!, position[i + 1]!, position[i + 2]!] as const;
      const [x, y] = project(pose, point);
      const facing = pose.axes[2].reduce((sum, a, c) => sum + a * normal[i + c]!, 0);
      worst.offSurface = Math.max(worst.offSurface, Math.abs(distance(...point)));
      worst.offPixel = Math.max(worst.offPixel, Math.hypot(x - (p % size), y - Math.floor(p / size)));
      worst.turnedAway = Math.max(worst.turnedAway, -facing);
      worst.lit = Math.max(worst.lit, Math.abs(lit[p]! - 0.5));
    }
    expect(worst.offSurface).toBeLessThan(0.05);
    expect(worst.offPixel).toBeLessThan(1e-3);
    // a hair beyond the outline at most, where the trimmed flash is steep
    expect(worst.turnedAway).toBeLessThan(0.5);
    expect(worst.lit).toBeLessThanOrEqual(0.5);
    expect(seen / cover.length).toBeGreaterThan(0.08);
    expect(seen / cover.length).toBeLessThan(0.5);
  }
});

test('the camera is a rotation: its axes are at right angles and not mirrored from view to view', () => {
  for (let image = 0; image < 12; image++) {
    const [x, y, z] = drawPose(2, 3, image, size).axes;
    for (const [a, b] of [
      [x, y],
      [y, z],
      [z, x],
    ] as const) {
      expect(a.reduce((sum, v, c) => sum + v * b[c]!, 0)).toBeCloseTo(0, 12);
      expect(Math.hypot(...a)).toBeCloseTo(1, 12);
    }
    const cross = [x[1] * y[2] - x[2] * y[1], x[2] * y[0] - x[0] * y[2], x[0] * y[1] - x[1] * y[0]];
    for (const [c, v] of cross.entries()) expect(v).toBeCloseTo(z[c]!, 12);
  }
});
