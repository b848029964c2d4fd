/** The sources and outputs of the line. */
import { call } from '../../api/client.ts';

export type { Line, LineCheck, LineOutput, LineSource } from '../../../../src/station/contract/line.ts';

export const getLine = () => call('getLine');

export const checkOutput = (name: string) => call('checkOutput', { params: { id: name } });

export const checkSource = (name: string) => call('checkSource', { params: { id: name } });
