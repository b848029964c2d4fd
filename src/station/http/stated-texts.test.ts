/** What a request says of itself and of its part: a name of one line, a body of a content type that its address takes; else it is refused and told what is legal. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolders } from '../../../test/support/folder.ts';
import {
  activeRecipe,
  form,
  partPng,
  smallBundle,
  startStation,
  type TestStation,
} from '../../../test/support/station.ts';
import type { PartRecordPage } from '../contract/not-inspected.ts';

const folder = temporaryFolders();
let own: TestStation;
let png: Buffer;
let recipe: string;

beforeAll(async () => {
  own = await startStation(await folder());
  recipe = await activeRecipe(own, await smallBundle(join(await folder(), 'bundle'), 0.5));
  png = await partPng(7);
});
afterAll(() => own.close());

const ask = async (method: 'POST' | 'PUT' | 'PATCH', url: string, payload: Buffer | object, type?: string) => {
  const headers = type === undefined ? {} : { 'content-type': type };
  const answer = await own.app.inject({ method, url, payload: payload as Buffer, headers });
  const body = answer.json<{ code: string; message: string; subject?: string; id: string }>();
  return { status: answer.statusCode, ...body };
};

const notLines = ['A1\nOK A2', 'A1\r', '\u001b[2JA1', 'A1\u0000', 'A\u202e1', ' ', '\u0085'];

describe('a name with control characters', () => {
  it.each(['part', 'lot'])('is no %s, in a form and in the query, and goes on no record', async (field) => {
    for (const text of notLines) {
      const { payload, headers } = await form([
        [field, text],
        ['image', png],
      ]);
      const inForm = await ask('POST', '/api/inspections', payload, headers['content-type']!);
      const inQuery = await ask('POST', `/api/inspections?${new URLSearchParams({ [field]: text })}`, png, 'image/png');
      for (const { status, code, message, subject } of [inForm, inQuery]) {
        expect([status, code, subject], JSON.stringify(text)).toEqual([400, 'REQUEST_INVALID', field]);
        expect(message).toContain('legal is a text of one line');
      }
    }
    const page = (await own.app.inject('/api/inspections?limit=500')).json<PartRecordPage>();
    expect(page.inspections.length).toBeGreaterThan(0);
    for (const record of page.inspections)
      for (const text of [record.part, record.lot]) expect(notLines).not.toContain(text);
  });

  it.each(['part', 'lot'])('is no %s to search for', async (field) => {
    for (const text of notLines.filter((one) => one.trim() !== '')) {
      const found = await own.app.inject(`/api/inspections?${new URLSearchParams({ [field]: text })}`);
      expect([found.statusCode, found.json().code], JSON.stringify(text)).toEqual([400, 'REQUEST_INVALID']);
    }
  });

  it('is none of a data set, an image in it, a recipe, a note or a person', async () => {
    const made = await ask('POST', '/api/inspections?part=A%201', png, 'image/png');
    expect(made.status).toBe(201);
    const set = await ask('POST', '/api/datasets', { name: 'photos' });
    const image = `/api/datasets/${set.id}/images`;
    for (const text of notLines) {
      const asked = [
        await ask('POST', '/api/datasets', { name: text }),
        await ask('POST', '/api/datasets', { name: 'other', by: text }),
        await ask('PUT', `/api/inspections/${made.id}/feedback`, { verdict: 'agree', by: text }),
        await ask('POST', `${image}?${new URLSearchParams({ partGroup: text })}`, png, 'image/png'),
        await ask('POST', `${image}?${new URLSearchParams({ label: 'defective', className: text })}`, png, 'image/png'),
        await ask('POST', `/api/recipes/${recipe}/activate`, { by: text }),
      ];
      for (const { status, code } of asked) expect([status, code]).toEqual([400, 'REQUEST_INVALID']);
    }
    const note = await ask('PUT', `/api/inspections/${made.id}/feedback`, { verdict: 'agree', note: 'a\u001b[1m' });
    expect(note.status).toBe(400);
  });

  it('is one thing, and letters of any language are another', async () => {
    for (const part of ['Größe 4 µm', '部品-7', '👩‍🔧 shift'])
      expect(await ask('POST', `/api/inspections?${new URLSearchParams({ part })}`, png, 'image/png')).toMatchObject({
        status: 201,
        part,
      });
  });
});

describe('a body of another content type', () => {
  it('is told which are legal, also where it has none', async () => {
    const images = 'legal here is multipart/form-data, application/octet-stream, image/*';
    for (const [type, said] of [
      [undefined, 'a body without a content type'],
      ['application/x-www-form-urlencoded', 'a body of the content type application/x-www-form-urlencoded'],
      ['application/pdf', 'application/pdf'],
    ] as const) {
      const refused = await ask('POST', '/api/inspections', png, type);
      expect([refused.status, refused.code, refused.subject]).toEqual([400, 'REQUEST_INVALID', 'content-type']);
      expect(refused.message).toContain(said);
      expect(refused.message).toContain(images);
    }
    const xml = await ask('POST', '/api/datasets', Buffer.from('<name/>'), 'application/xml');
    expect(xml.message).toContain('legal here is application/json');
    const recipes = await ask('POST', '/api/recipes', png, 'application/zip');
    expect(recipes.message).toMatch(/legal here is multipart\/form-data$/);
    const nothing = await ask('POST', '/api/session', png, 'application/zip');
    expect(nothing.message).toContain('legal here is application/json');
  });
});
