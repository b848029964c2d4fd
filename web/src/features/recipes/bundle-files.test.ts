import { expect, test } from 'vitest';
import { bundleFiles } from './bundle-files.ts';

const chosen = (...paths: string[]) => bundleFiles(paths.map((path) => [path, path] as const));

test('a run’s folder gives the bundle, its settings first', () => {
  const { folder, files, missing } = chosen(
    'flow/run/metrics.jsonl',
    'flow/run/test-scores.json',
    'flow/model.onnx',
    'flow/golden/0.png',
    'flow/bundle.json',
    'flow/sub/bundle.json',
    'flow/run/checkpoint.safetensors',
  );
  expect(folder).toBe('flow');
  expect(files.map(([path]) => path)).toEqual(['bundle.json', 'golden/0.png', 'model.onnx', 'run/test-scores.json']);
  expect(missing).toEqual([]);
});

test('a folder that is no bundle says what it lacks', () => {
  expect(chosen('photos/a.png').missing).toEqual(['bundle.json', 'model.onnx']);
  expect(chosen().missing).toEqual(['bundle.json', 'model.onnx']);
});
