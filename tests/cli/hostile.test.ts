import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { answer } from './answer.js';
import { exhibit, ROOT } from './exhibit.js';

const MODEL = join(ROOT, 'proofs-check/trained/instances/decaying-wave-small.onnx');
/** Longer than a name in a file system. */
const LONG = 'a('.repeat(2000);

describe('an argument that is no path, number or name is one message', () => {
  test.each([
    ['prove', MODEL, LONG],
    ['verify', LONG],
    ['audit', LONG],
    ['list', '--library', LONG],
    ['run', MODEL, '--input', LONG],
    ['evaluate', MODEL, '--input', 'line\u2028break'],
    ['verify', 'single-head-memorization', '-p', 'T=1', '-p', 'd=1', '-p', `data=${LONG}`],
    // onnxruntime would end the process.
    ['run', MODEL, '--input', 'a'.repeat(60_000)],
  ])('%$: %s', async (...args) => {
    const { code, stdout, stderr } = await (args[0] === 'run' ? exhibit : answer)(args);
    expect([code, stdout]).toEqual([3, '']);
    expect(stderr).toMatch(/^error: [^\n]*\n$/);
  });
});
