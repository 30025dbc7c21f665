import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { exhibit, scratch } from './exhibit.js';

/** A class of that name, as node has from 24 on; onnxruntime 1.30 would make its float16 tensors of it and refuse them. */
test('runs networks in float16 where there is a class Float16Array', async () => {
  const code = join(scratch(), 'newer-node.cjs');
  writeFileSync(code, 'globalThis.Float16Array ??= class Float16Array extends Float32Array {};\n');
  const args = ['verify', 'relu-min-tree', '-p', 'S=4', '--dtype', 'float16', '--quiet'];
  const { code: exit, stdout, stderr } = await exhibit(args, { env: { NODE_OPTIONS: `--require ${code}` } });
  expect(stderr).toBe('');
  expect(stdout).toContain('on cpu in float16 the error is at most 0');
  expect(exit).toBe(0);
});
