/**
 * The list of pages, a row each: its address, its name, its key, the least role that the service gives its answers to, and what is shown. Routes,
 * navigation, keys, the check of roles and what the frame shows come from here.
 */
import type { Component } from 'svelte';
import type { Role } from '../api/contract.ts';
import Users from '../features/access/Users.svelte';
import Audit from '../features/audit/Audit.svelte';
import Comparisons from '../features/comparisons/Comparisons.svelte';
import DataSet from '../features/datasets/DataSet.svelte';
import DataSets from '../features/datasets/DataSets.svelte';
import Drift from '../features/drift/Drift.svelte';
import InBrowser from '../features/in-browser/InBrowser.svelte';
import Line from '../features/line/Line.svelte';
import Live from '../features/live/Live.svelte';
import Recipes from '../features/recipes/Recipes.svelte';
import Revisions from '../features/recipes/Revisions.svelte';
import Shadows from '../features/recipes/Shadows.svelte';
import SideBySide from '../features/recipes/SideBySide.svelte';
import RecordPage from '../features/records/Record.svelte';
import Records from '../features/records/Records.svelte';
import Review from '../features/review/Review.svelte';
import Statistics from '../features/statistics/Statistics.svelte';
import Appraise from '../features/studies/Appraise.svelte';
import Studies from '../features/studies/Studies.svelte';
import Threshold from '../features/threshold/Threshold.svelte';
import Training from '../features/training/Training.svelte';
import TrainingDetail from '../features/training/TrainingDetail.svelte';
import type { Route } from '../lib/route.ts';

interface Shown {
  readonly least: Role;
  readonly component: Component;
}

interface PageRow extends Shown {
  readonly page: string;
  readonly name: string;
  readonly key: string;
  /** One thing of the page, by the id in the address. */
  readonly detail?: Component<{ id: string }>;
  /** What has a word of its own in place of an id. */
  readonly parts?: Readonly<Record<string, Shown>>;
}

export const pages = [
  { page: 'live', name: 'Live', key: '1', least: 'operator', component: Live },
  {
    page: 'records',
    name: 'Records',
    key: '2',
    least: 'operator',
    component: Records,
    detail: RecordPage,
    parts: {
      statistics: { least: 'operator', component: Statistics },
      drift: { least: 'operator', component: Drift },
    },
  },
  {
    page: 'review',
    name: 'Review',
    key: '3',
    least: 'operator',
    component: Review,
    detail: Appraise,
    parts: { studies: { least: 'operator', component: Studies } },
  },
  { page: 'threshold', name: 'Threshold', key: '4', least: 'engineer', component: Threshold },
  {
    page: 'recipes',
    name: 'Recipes',
    key: '5',
    least: 'operator',
    component: Recipes,
    detail: Revisions,
    parts: {
      'side-by-side': { least: 'engineer', component: SideBySide },
      shadow: { least: 'engineer', component: Shadows },
      'in-browser': { least: 'operator', component: InBrowser },
    },
  },
  { page: 'datasets', name: 'Data sets', key: '6', least: 'engineer', component: DataSets, detail: DataSet },
  { page: 'training', name: 'Training', key: '7', least: 'engineer', component: Training, detail: TrainingDetail },
  { page: 'comparisons', name: 'Comparisons', key: '8', least: 'engineer', component: Comparisons },
  {
    page: 'audit',
    name: 'Audit',
    key: '9',
    least: 'engineer',
    component: Audit,
    parts: { users: { least: 'admin', component: Users } },
  },
  { page: 'line', name: 'Line', key: '0', least: 'operator', component: Line },
] as const satisfies readonly PageRow[];

export type Page = (typeof pages)[number]['page'];

const rows: readonly (PageRow & { readonly page: Page })[] = pages;

/** What an address shows, and to whom: a detail of one thing where `id` is given. Anything that names no page leads to the first one. */
export function shownAt({ page, id }: Pick<Route, 'page' | 'id'>) {
  const row = rows.find((one) => one.page === page) ?? rows[0]!;
  const { name, least, component, detail, parts = {} } = row;
  const whole = { page: row.page, name, least, component };
  if (id === undefined || row.page !== page) return whole;
  const part = Object.hasOwn(parts, id) ? parts[id] : undefined;
  if (part) return { ...whole, ...part };
  return detail ? { ...whole, detail, id } : whole;
}
