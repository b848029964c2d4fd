import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Value } from '../../../../src/core/schema.ts';
import { checkRegions } from '../../../../src/data/regions/check.ts';
import { Shape } from '../../../../src/data/regions/schema.ts';
import { RegionEditing } from './region-editing.svelte.ts';
import { pathOf } from './shape-path.ts';
import { toolNames, toolOf } from './tools.ts';

const size = { width: 400, height: 200 };

describe('regions that are drawn', () => {
  it('are those that a training takes, with names of their own', () => {
    const editing = new RegionEditing(undefined);
    for (const at of [
      { x: 40, y: 20 },
      { x: 120, y: 20 },
      { x: 80, y: 100 },
    ])
      editing.place(at, size);
    editing.finish(size);
    editing.choose('ring');
    editing.place({ x: 200, y: 100 }, size);
    // two places are a disc
    editing.place({ x: 200, y: 60 }, size);
    const regions = editing.taken(size)!;
    expect(checkRegions(regions, 'drawn', size)).toEqual({
      aspect: 2,
      regions: [
        {
          name: 'ignored 1',
          kind: 'ignore',
          shape: {
            form: 'polygon',
            points: [
              [0.1, 0.1],
              [0.3, 0.1],
              [0.2, 0.5],
            ],
          },
        },
        { name: 'ignored 2', kind: 'ignore', shape: { form: 'ring', centre: [0.5, 0.5], outer: 0.1, inner: 0 } },
      ],
    });
  });

  it('are taken back place by place, then region by region', () => {
    const editing = new RegionEditing(undefined);
    editing.choose('ring');
    for (const x of [100, 120, 300]) editing.place({ x, y: 100 }, size);
    expect([editing.regions.length, editing.places.length]).toEqual([1, 1]);
    editing.back();
    expect([editing.regions.length, editing.places.length]).toEqual([1, 0]);
    editing.back();
    expect(editing.taken(size)).toBeUndefined();
  });

  it('replace what has their name when they are taken over, and are copies', () => {
    const face = {
      name: 'face',
      kind: 'inspect' as const,
      shape: { form: 'stroke' as const, points: [[0, 0]], radius: 0.1 },
    };
    const editing = new RegionEditing({
      aspect: 2,
      regions: [
        { ...face, kind: 'ignore' },
        { ...face, name: 'rim' },
      ],
    });
    editing.copy({ aspect: 2, regions: [face] });
    editing.regions[1]!.name = 'other';
    expect(editing.taken(size)!.regions.map(({ name, kind }) => [name, kind])).toEqual([
      ['rim', 'inspect'],
      ['other', 'inspect'],
    ]);
    expect(face.name).toBe('face');
  });

  it('are not used while names are missing or the same', () => {
    const disc = (name: string) => ({
      name,
      kind: 'ignore' as const,
      shape: { form: 'stroke' as const, points: [[0, 0]], radius: 0.1 },
    });
    expect(new RegionEditing({ aspect: 1, regions: [disc(' ')] }).fault).toContain('needs a name');
    expect(new RegionEditing({ aspect: 1, regions: [disc('a'), disc('a ')] }).fault).toContain('same name');
    expect(new RegionEditing({ aspect: 1, regions: [disc('a'), disc('b')] }).fault).toBeUndefined();
  });
});

describe('every tool', () => {
  it.each(toolNames)('%s makes a legal shape that can be shown, wherever its places lie', (tool) => {
    const { least, ends, shape } = toolOf(tool);
    const place = fc.record({
      x: fc.double({ min: 0, max: 400, noNaN: true }),
      y: fc.double({ min: 0, max: 200, noNaN: true }),
    });
    const places = fc.array(place, { minLength: least, maxLength: ends ? least : 60 });
    fc.assert(
      fc.property(places, fc.double({ min: 1, max: 120, noNaN: true }), (at, brush) => {
        const made = shape(at, size, brush);
        expect([...Value.Errors(Shape, made)]).toEqual([]);
        expect(pathOf(made, size).d).toMatch(/^M/);
        expect(pathOf(made, size).d).not.toContain('NaN');
      }),
    );
  });
});

it('a mask is shown by its marked stretches', () => {
  const shape = { form: 'mask' as const, width: 4, height: 2, runs: [3, 2, 3] };
  expect(pathOf(shape, size)).toEqual({ d: 'M300 0h100v100h-100ZM0 100h100v100h-100Z', stroke: 0 });
});
