/** Shadows, as the service sees them. */
import { addressOf } from '../../../../src/station/client/connection.ts';
import type { NewShadow } from '../../../../src/station/contract/shadows.ts';
import { call } from '../../api/client.ts';

export type { ShadowReport } from '../../../../src/station/contract/shadows.ts';

export const startShadow = (asked: NewShadow) => call('startShadow', { body: asked });

export const getShadows = (signal?: AbortSignal) => call('listShadows', { signal });

export const getShadow = (id: string, signal?: AbortSignal) => call('getShadow', { params: { id }, signal });

export const stopShadow = (id: string, said: { readonly by?: string }) =>
  call('stopShadow', { params: { id }, body: said });

export const shadowReportAddress = (id: string) => addressOf('getShadowReport', { params: { id } });
