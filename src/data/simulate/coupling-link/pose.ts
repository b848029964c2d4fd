/**
 * How a robot holds a link before the camera, and where the lamps are. The camera looks down its z axis through a telecentric lens: no perspective.
 */
import { Random } from '../../../core/random.ts';

/** A vector of part or camera coordinates. */
export type Vector = readonly [number, number, number];

export interface Pose {
  /** Rows: the camera's x (right), y (down) and z (towards the camera) in part coordinates. */
  readonly axes: readonly [Vector, Vector, Vector];
  /** Where the link's middle is seen, pixels. */
  readonly centre: readonly [number, number];
  /** Pixels a millimetre. */
  readonly scale: number;
  /** Directions to the main lamp and the weaker one in part coordinates, length 1. */
  readonly keyLamp: Vector;
  readonly fillLamp: Vector;
}

const degree = Math.PI / 180;

function multiply(a: readonly Vector[], b: readonly Vector[]): [Vector, Vector, Vector] {
  const row = (r: Vector): Vector =>
    [0, 1, 2].map((c) => r[0] * b[0]![c]! + r[1] * b[1]![c]! + r[2] * b[2]![c]!) as never;
  return [row(a[0]!), row(a[1]!), row(a[2]!)];
}

function turnAbout(axis: 'x' | 'y' | 'z', angle: number): [Vector, Vector, Vector] {
  const c = Math.cos(angle);
  const s = Math.sin(angle);
  if (axis === 'x') {
    return [
      [1, 0, 0],
      [0, c, -s],
      [0, s, c],
    ];
  }
  if (axis === 'y') {
    return [
      [c, 0, s],
      [0, 1, 0],
      [-s, 0, c],
    ];
  }
  return [
    [c, -s, 0],
    [s, c, 0],
    [0, 0, 1],
  ];
}

/** A direction by its angle in the image (0 is right, 90 is down) and its height above the image plane, degrees; camera coordinates. */
function lampAt(around: number, height: number): Vector {
  return [
    Math.cos(height * degree) * Math.cos(around * degree),
    Math.cos(height * degree) * Math.sin(around * degree),
    Math.sin(height * degree),
  ];
}

/**
 * The pose of one image of a link: the robot runs the same views on every link, front and back in turn, and misses each by some degrees and
 * millimetres. `size` is the side of the image in pixels.
 */
export function drawPose(seed: number, part: number, image: number, size: number): Pose {
  const program = Random.of(seed, 'robot view', image);
  const miss = Random.of(seed, 'pose', part, image);
  const tilted = image % 8 > 1;
  const about = (low: number, high: number, error: number) =>
    (program.uniform(low, high) + error * miss.uniform(-1, 1)) * degree;
  const rolled = about(10, 28, 2.5) * (program.next() < 0.5 ? -1 : 1) * (tilted ? 1 : 0.25);
  const pitched = about(-18, 18, 2.5) * (tilted ? 1 : 0.25);
  const turned = about(-20, 20, 3);
  const facing = turnAbout('x', image % 2 === 0 ? 0 : Math.PI);
  const axes = multiply(
    turnAbout('z', turned),
    multiply(turnAbout('x', rolled), multiply(turnAbout('y', pitched), facing)),
  );
  const station = Random.of(seed, 'lamps');
  const near = (value: number, error: number) => value + error * miss.uniform(-1, 1);
  const toPart = ([x, y, z]: Vector): Vector =>
    [0, 1, 2].map((c) => axes[0][c]! * x + axes[1][c]! * y + axes[2][c]! * z) as never;
  const key = station.uniform(-150, -110);
  return {
    axes,
    centre: [size * near(0.5, 0.012), size * near(0.5, 0.012)],
    scale: (size / 131) * near(1, 0.015),
    keyLamp: toPart(lampAt(near(key, 4), near(station.uniform(38, 52), 2))),
    fillLamp: toPart(lampAt(near(key + station.uniform(140, 200), 4), near(station.uniform(25, 45), 2))),
  };
}

/** A point of part coordinates in pixels. */
export function project({ axes, centre, scale }: Pose, [x, y, z]: Vector): [number, number] {
  const along = (axis: Vector) => axis[0] * x + axis[1] * y + axis[2] * z;
  return [centre[0] + scale * along(axes[0]), centre[1] + scale * along(axes[1])];
}
