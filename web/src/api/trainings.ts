/** Training runs, as the service keeps them. */
import { at, get, named, send } from './client.ts';
import type { NewTraining, Recipe, Training, TrainingCurve, TrainingList } from './contract.ts';

const of = (id: string): string => `/api/trainings/${at(id)}`;

export function getTrainings(): Promise<TrainingList> {
  return get('/api/trainings');
}

export function startTraining(asked: Omit<NewTraining, 'by'>, by: string): Promise<Training> {
  return send('POST', '/api/trainings', { ...asked, ...named(by) });
}

export function getTraining(id: string): Promise<Training> {
  return get(of(id));
}

export function getCurve(id: string): Promise<TrainingCurve> {
  return get(`${of(id)}/curve`);
}

export function cancelTraining(id: string, by: string): Promise<Training> {
  return send('POST', `${of(id)}/cancel`, named(by));
}

export function resumeTraining(id: string, by: string): Promise<Training> {
  return send('POST', `${of(id)}/resume`, named(by));
}

export function makeRecipe(id: string, name: string, by: string): Promise<Recipe> {
  return send('POST', `${of(id)}/recipe`, { name, ...named(by) });
}

export function reportAddress(id: string): string {
  return `${of(id)}/report`;
}
