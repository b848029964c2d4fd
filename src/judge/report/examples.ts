/** Example images with their score maps, grouped by what went right or wrong. */
import { FelfriError } from '../../core/errors.ts';
import { formatScore } from '../evaluation-table.ts';
import { html, type Markup } from './html.ts';
import type { ExampleMap } from './input.ts';

/** Each kind with its heading and its order: 1 for ascending scores, -1 for descending. */
const groups = [
  ['hit', 'Defects found, highest score first', -1],
  ['miss', 'Defects missed, worst first', 1],
  ['false alarm', 'False alarms, worst first', -1],
] as const;

const dataImage = /^data:image\/(?:png|jpeg|webp);base64,[A-Za-z0-9+/]+={0,2}$/;

function checked(uri: string, name: string): string {
  if (dataImage.test(uri)) return uri;
  throw new FelfriError(
    'OPTION_INVALID',
    `the example ${name} has a picture that starts with "${uri.slice(0, 30)}"; legal are base64 data URIs of PNG, JPEG or WebP, so that the report needs no other file`,
    { subject: name },
  );
}

export interface NotedExample extends ExampleMap {
  /** Such as in how many sequences it was missed. */
  readonly note?: string;
}

function exampleFigure({ name, label, score, decision, image, map, note }: NotedExample): Markup {
  return html`<figure><div class="pair"><img src="${checked(image, name)}" alt="${name}, ${label}"><img src="${checked(map, name)}" alt="Score map of ${name}"></div>
<figcaption><span class="decision ${decision}">${decision}</span> <b>${label}</b>, score ${formatScore(score)}${note !== undefined && `, ${note}`} <small class="file">${name}</small></figcaption></figure>`;
}

/** Throws OPTION_INVALID for a picture that is no data URI. */
export function exampleGroups(examples: readonly NotedExample[]): Markup {
  return html`${groups.map(([kind, heading, order]) => {
    const own = examples.filter((example) => example.kind === kind).sort((a, b) => order * (a.score - b.score));
    return own.length > 0 && html`<h4>${heading}</h4><div class="examples">${own.map(exampleFigure)}</div>`;
  })}`;
}
