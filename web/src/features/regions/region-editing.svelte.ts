/** Regions that are being drawn: tool, brush, places of the shape that is not whole yet, and the list. */
import type { Region, Regions } from '../../../../src/data/regions/schema.ts';
import { type Point, type Size, type Tool, toolOf } from './tools.ts';

export type Kind = Region['kind'];

/** What a new region is called, with a number after it. */
const words: { readonly [K in Kind]: string } = { ignore: 'ignored', inspect: 'region' };

export class RegionEditing {
  tool = $state<Tool>('polygon');
  /** Of the next region. */
  kind = $state<Kind>('ignore');
  /** Diameter of the brush, as a share of the picture's width. */
  brush = $state(0.06);
  regions = $state<Region[]>([]);
  #places = $state.raw<readonly Point[]>([]);

  constructor(given: Regions | undefined) {
    this.regions = given ? structuredClone(given.regions) : [];
  }

  get places(): readonly Point[] {
    return this.#places;
  }

  /** Whether what is begun is enough for a shape. */
  get canFinish(): boolean {
    return this.#places.length >= toolOf(this.tool).least;
  }

  choose(tool: Tool): void {
    this.tool = tool;
    this.#places = [];
  }

  /** A place on the picture, in its pixels. */
  place(at: Point, size: Size): void {
    this.#places = [...this.#places, at];
    const { ends } = toolOf(this.tool);
    if (ends && this.canFinish) this.finish(size);
  }

  /** Makes a region of what is begun, where that is enough. */
  finish(size: Size): void {
    if (!this.canFinish) return;
    const shape = toolOf(this.tool).shape(this.#places, size, this.brush * size.width);
    this.regions.push({ name: this.#freeName(words[this.kind]), kind: this.kind, shape });
    this.#places = [];
  }

  /** Takes back the last place of what is begun, else the newest region. */
  back(): void {
    if (this.#places.length > 0) this.#places = this.#places.slice(0, -1);
    else this.regions.pop();
  }

  /** Gives up what is begun. Says whether something was. */
  drop(): boolean {
    const had = this.#places.length > 0;
    this.#places = [];
    return had;
  }

  remove(region: Region): void {
    this.regions = this.regions.filter((one) => one !== region);
  }

  /** Takes over those of another recipe; what has the same name there is replaced. */
  copy({ regions }: Regions): void {
    const names = new Set(regions.map(({ name }) => name));
    this.regions = [...this.regions.filter(({ name }) => !names.has(name)), ...structuredClone(regions)];
  }

  #freeName(word: string): string {
    const taken = new Set(this.regions.map(({ name }) => name));
    for (let n = 1; ; n++) if (!taken.has(`${word} ${n}`)) return `${word} ${n}`;
  }

  /** Why they cannot be used as they are; undefined: nothing is wrong. */
  get fault(): string | undefined {
    const names = this.regions.map(({ name }) => name.trim());
    if (names.includes('')) return 'Each region needs a name.';
    if (new Set(names).size < names.length) return 'Two regions have the same name.';
    return undefined;
  }

  /** Undefined where nothing was drawn. */
  taken({ width, height }: Size): Regions | undefined {
    const regions = $state.snapshot(this.regions).map((region) => ({ ...region, name: region.name.trim() }));
    return regions.length === 0 ? undefined : { aspect: width / height, regions };
  }
}
