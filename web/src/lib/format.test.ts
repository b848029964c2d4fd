import { expect, test } from 'vitest';
import { counted, formatBytes, formatDuration, formatScore, formatShare, formatTime } from './format.ts';

test('scores keep four significant digits', () => {
  expect([0, 3.527266, 10.14687, 0.07755, 1234.56, 2e-5, 4e6, 0.95, 0.999803].map(formatScore)).toEqual([
    '0',
    '3.527',
    '10.15',
    '0.07755',
    '1235',
    '2.00e-5',
    '4.00e+6',
    '0.9500',
    '0.99980',
  ]);
});

test('shares are percent', () => {
  expect([0, 0.78125, 1, 0.0208333].map(formatShare)).toEqual(['0 %', '78.1 %', '100 %', '2.1 %']);
});

test('durations name their two largest units', () => {
  expect([0, 59, 725, 3600, 273_600].map(formatDuration)).toEqual(['0 s', '59 s', '12 min 5 s', '1 h', '3 d 4 h']);
});

test('a time of another day has its date', () => {
  const now = new Date(2026, 0, 2, 12);
  expect(formatTime(new Date(2026, 0, 2, 9, 5, 1).toISOString(), now)).toBe('09:05:01');
  expect(formatTime(new Date(2025, 11, 31, 9, 5, 1).toISOString(), now)).toBe('31 Dec 2025, 09:05:01');
});

test('counts and sizes', () => {
  expect([counted(1, 'image'), counted(1200, 'image')]).toEqual(['1 image', '1,200 images']);
  expect([formatBytes(12), formatBytes(2048), formatBytes(5_122_694)]).toEqual(['12 B', '2 KiB', '4.9 MiB']);
});
