/** The life of a recipe as a page that needs no other file, for the screen and for paper. */
import { counted } from '../../judge/report/format.ts';
import { html, type Markup } from '../../judge/report/html.ts';
import { care, renderPage, section } from '../../judge/report/page.ts';
import { scrolling } from '../../judge/report/tables.ts';
import type { RecipeLife } from '../contract/life.ts';
import type { RecipeRelease, RecipeSignature } from '../contract/releases.ts';

const time = (at: string): Markup =>
  html`<time datetime="${at}">${new Date(at).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'medium', timeZone: 'UTC' })} UTC</time>`;

const limit = (value: number | null): string => (value === null ? 'none' : String(Number(value.toPrecision(6))));

function rows(
  name: string,
  heads: readonly string[],
  body: readonly (readonly (Markup | string | number)[])[],
): Markup {
  return scrolling(
    name,
    html`<table><thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
<tbody>${body.map(([first, ...rest]) => html`<tr><th scope="row">${first!}</th>${rest.map((cell) => html`<td>${cell}</td>`)}</tr>`)}</tbody></table>`,
  );
}

const facts = (name: string, pairs: readonly (readonly [string, Markup | string | number])[]): Markup =>
  scrolling(
    name,
    html`<table><tbody>${pairs.map(([key, value]) => html`<tr><th scope="row">${key}</th><td>${value}</td></tr>`)}</tbody></table>`,
  );

const states: Readonly<Record<RecipeRelease['state'], string>> = {
  released: 'Released as it is.',
  changed: 'Changed since its release.',
  unreleased: 'Never released.',
};

const policies: Readonly<Record<RecipeLife['policy'], string>> = {
  none: 'The station asks for no release before a recipe judges.',
  one: 'The station lets a recipe judge once a person has released it, and only as released.',
  'four-eyes': 'The station lets a recipe judge once two people have signed for it, and only as released.',
};

function now({ recipe, release, policy, alarms }: RecipeLife): Markup {
  const { state, inForce, content, contentHash } = release;
  const named = recipe.signedBy?.keys.map(({ name, key }) => `${name} (${key})`).join(', ');
  return section(
    'now',
    'What it is now',
    html`${care(alarms.map(({ message }) => message))}
<p><b>${states[state]}</b> ${policies[policy]}</p>
${facts('What it is now', [
  ['Recipe', recipe.id],
  ['Revision', recipe.revision],
  ['Active', recipe.active ? 'yes' : 'no'],
  ['Products', content.products.join(', ') || 'none'],
  ['NG from', limit(recipe.threshold)],
  ['REVIEW from', limit(recipe.review)],
  ['Rule', recipe.rule ?? 'none'],
  ['Added', time(recipe.createdAt)],
  ['Bundle, SHA-256', recipe.bundleHash],
  ['Bundle signed by', named ?? 'nobody whom the station asked for'],
  ['Content, SHA-256', contentHash],
  ['Release that holds', inForce ? html`signature ${inForce.number} by ${inForce.by}, ${time(inForce.at)}` : 'none'],
])}`,
  );
}

const meanings: Readonly<Record<RecipeSignature['meaning'], string>> = { proposed: 'Proposed', released: 'Released' };

function signature({ number, meaning, proposal, by, at, reason, revision, content, contentHash }: RecipeSignature) {
  const { threshold, review, products } = content;
  const second = proposal === null ? '' : `, as proposed by signature ${proposal}`;
  const what = html`Revision ${revision}: NG from ${limit(threshold)}, REVIEW from ${limit(review)}, ${products.length > 0 ? `for ${products.join(', ')}` : 'for no product code'}<br><small>${contentHash}</small>`;
  return [number, html`${meanings[meaning]}${second}`, by, time(at), reason, what];
}

function decided({ counts, notInspected }: RecipeLife): Markup {
  const columns = ['ok', 'review', 'ng', 'agreed', 'falseAlarms', 'missed', 'cannotTell'] as const;
  const all = columns.map((column) => counts.reduce((sum, one) => sum + one[column], 0));
  return section(
    'decided',
    'What it decided',
    html`<p>Of the inspections that are still on record, without reference parts. ${counted(notInspected, 'part')} that it was to judge ${notInspected === 1 ? 'was' : 'were'} not inspected.</p>
${rows(
  'Decisions by revision',
  ['Revision', 'OK', 'REVIEW', 'NG', 'Confirmed', 'False alarms', 'Missed', 'Cannot tell'],
  [...counts.map((one) => [one.revision, ...columns.map((column) => one[column])]), ['All', ...all]],
)}
<p>Confirmed, false alarms and missed are what people said of single decisions. Parts that were OK get a verdict seldom, so missed defects are hardly among them.</p>`,
  );
}

function replayed({ replays }: RecipeLife): Markup {
  return section(
    'replays',
    'Replays',
    replays.length === 0
      ? html`<p>None is kept.</p>`
      : rows(
          'Replays',
          ['Begun', 'State', 'First', 'Second', 'Images', 'Stricter by the second', 'Milder by the second'],
          replays.map(({ startedAt, state, first, second, done, stricter, milder }) => [
            time(startedAt),
            state,
            `${first.name}, revision ${first.revision}`,
            `${second.name}, revision ${second.revision}`,
            done,
            stricter,
            milder,
          ]),
        ),
  );
}

function proof({ audit, events }: RecipeLife): Markup {
  return section(
    'proof',
    'What proves it',
    html`<p>Every change and signature above is an entry of the audit log, each with the hash of the one before it. <code>felfri audit verify --head</code> with the head below shows that none was altered or cut off since.</p>
${facts('Heads', [
  ['Entries of the audit log', audit.entries],
  ['Its head, SHA-256', audit.head],
  ['Entries about this recipe', `${events.length}, the last is number ${events.at(-1)?.number ?? 0}`],
  ['Newest inspection', audit.inspections.number],
  ['Its seal, SHA-256', audit.inspections.seal],
])}`,
  );
}

/** Deterministic: equal input gives equal text. */
export function lifePage(life: RecipeLife): string {
  const { recipe, at, card, problem, release, events, periods } = life;
  const signatures = [...release.signatures].reverse();
  return renderPage({
    title: `The life of ${recipe.name}`,
    subject: 'A recipe from its making to now',
    created: at,
    sections: html`${now(life)}
${problem !== null && section('origin', 'Where it came from', care([`Its bundle cannot be read: ${problem}`]))}
${card.map(({ title, rows: pairs, notes }, i) =>
  section(
    `card-${i}`,
    title,
    html`${
      pairs.length > 0 &&
      facts(
        title,
        pairs.map(({ name, value }) => [name, value] as const),
      )
    }${notes.map((text) => html`<p>${text}</p>`)}`,
  ),
)}
${section(
  'signatures',
  'Signatures',
  signatures.length === 0
    ? html`<p>Nobody has signed for it.</p>`
    : rows('Signatures', ['Number', 'Meaning', 'By', 'When', 'Reason', 'For what'], signatures.map(signature)),
)}
${section(
  'events',
  'What happened',
  rows(
    'What happened',
    ['Entry', 'When', 'What'],
    events.map(({ number, at: when, summary }) => [number, time(when), summary]),
  ),
)}
${section(
  'periods',
  'When it was active',
  periods.length === 0
    ? html`<p>It was never active, nor set for a product.</p>`
    : rows(
        'When it was active',
        ['As', 'From', 'To'],
        periods.map(({ product, from, to }) => [
          product === null ? 'the active recipe' : `recipe of ${product}`,
          time(from),
          to === null ? 'now' : time(to),
        ]),
      ),
)}
${decided(life)}
${replayed(life)}
${proof(life)}`,
  });
}
