/**
 * A thin line that runs in short straight pieces, as cracks do, and how far a point is from it.
 */
import type { Random } from '../../core/random.ts';

/** Nodes of the line, in any unit of length. */
export interface JaggedLine {
  readonly x: readonly number[];
  readonly y: readonly number[];
}

interface JaggedLineForm {
  readonly length: number;
  /** Main direction in radians. */
  readonly angle: number;
  /** Typical length of a straight piece. */
  readonly piece: number;
  /** Largest turn of a piece from the main direction, radians. */
  readonly jag: number;
}

/** A line whose middle is about (0, 0). */
export function drawJaggedLine(random: Random, { length, angle, piece, jag }: JaggedLineForm): JaggedLine {
  const x = [(-length / 2) * Math.cos(angle)];
  const y = [(-length / 2) * Math.sin(angle)];
  let drift = 0;
  for (let run = 0; run < length; ) {
    const step = Math.min(length - run, piece * random.uniform(0.5, 1.5)) + 1e-6;
    drift = 0.7 * drift + random.uniform(-0.5, 0.5) * jag;
    const turn = angle + drift + random.uniform(-0.5, 0.5) * jag;
    x.push(x.at(-1)! + step * Math.cos(turn));
    y.push(y.at(-1)! + step * Math.sin(turn));
    run += step;
  }
  return { x, y };
}

/** Distance of a point to the line, the place of the nearest point along it (0 to 1), and the offset to the left of it, same unit. */
export function nearestOnLine(
  line: JaggedLine,
  x: number,
  y: number,
): { distance: number; along: number; left: number } {
  let best = Number.POSITIVE_INFINITY;
  let along = 0;
  let left = 0;
  const pieces = line.x.length - 1;
  for (let i = 0; i < pieces; i++) {
    const dx = line.x[i + 1]! - line.x[i]!;
    const dy = line.y[i + 1]! - line.y[i]!;
    const px = x - line.x[i]!;
    const py = y - line.y[i]!;
    const square = dx * dx + dy * dy;
    const t = Math.min(1, Math.max(0, (px * dx + py * dy) / square));
    const distance = Math.hypot(px - t * dx, py - t * dy);
    if (distance >= best) continue;
    best = distance;
    along = (i + t) / pieces;
    left = (dx * py - dy * px) / Math.sqrt(square);
  }
  return { distance: best, along, left };
}
