/** A drawn mask to and from what a browser shows. */
import { type MaskDrawing, TILE } from './mask-drawing.ts';
import type { Size, Viewport } from './viewport.ts';

/** What is drawn is shown in this colour, on grey metal well told from what belongs to the part. */
const COLOUR = [255, 40, 120] as const;

function tileCanvas(): OffscreenCanvas {
  return new OffscreenCanvas(TILE, TILE);
}

/** Reads a mask's PNG into a drawing tile by tile; grey values from 128 on are defect. */
export async function loadMask(mask: MaskDrawing, png: Blob): Promise<void> {
  const bitmap = await createImageBitmap(png);
  const context = tileCanvas().getContext('2d', { willReadFrequently: true })!;
  const rows = Math.ceil(mask.height / TILE);
  for (let n = 0; n < rows * mask.columns; n++) {
    context.clearRect(0, 0, TILE, TILE);
    context.drawImage(bitmap, -(n % mask.columns) * TILE, -Math.floor(n / mask.columns) * TILE);
    const { data } = context.getImageData(0, 0, TILE, TILE);
    mask.load(
      n,
      Uint8Array.from({ length: TILE * TILE }, (_, i) => (data[4 * i]! >= 128 ? 1 : 0)),
    );
  }
  bitmap.close();
}

/** The drawing as pictures, a small one for each tile, of which only those that changed are made anew. */
export class MaskPictures {
  readonly #mask: MaskDrawing;
  readonly #pictures = new Map<number, OffscreenCanvas>();

  constructor(mask: MaskDrawing) {
    this.#mask = mask;
    this.refresh(mask.tiles);
  }

  refresh(changed: Iterable<number>): void {
    for (const n of changed) {
      const tile = this.#mask.tile(n);
      if (!tile) {
        this.#pictures.delete(n);
        continue;
      }
      const picture = this.#pictures.get(n) ?? tileCanvas();
      this.#pictures.set(n, picture);
      const image = new ImageData(TILE, TILE);
      for (let i = 0; i < tile.length; i++) if (tile[i]) image.data.set([...COLOUR, 255], 4 * i);
      picture.getContext('2d')!.putImageData(image, 0, 0);
    }
  }

  /** Draws what is seen; `ratio` pixels of the canvas to one of the stage. */
  draw(context: CanvasRenderingContext2D, { x, y, scale }: Viewport, stage: Size, ratio: number): void {
    context.clearRect(0, 0, stage.width * ratio, stage.height * ratio);
    context.imageSmoothingEnabled = scale < 1;
    // whole pixels of the screen, so that no seam is seen between tiles
    const at = (from: number, tiles: number): number => Math.round((from + tiles * TILE * scale) * ratio);
    for (const [n, picture] of this.#pictures) {
      const column = n % this.#mask.columns;
      const row = Math.floor(n / this.#mask.columns);
      const [left, right, top, bottom] = [at(x, column), at(x, column + 1), at(y, row), at(y, row + 1)];
      if (right < 0 || bottom < 0 || left > stage.width * ratio || top > stage.height * ratio) continue;
      context.drawImage(picture, left, top, right - left, bottom - top);
    }
  }
}
