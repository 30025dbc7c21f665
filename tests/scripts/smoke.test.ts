import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { theoremIds } from '../../src/library/package.js';

const KEPT: Record<string, Record<string, string>> = JSON.parse(readFileSync('tests/smoke.json', 'utf8'));

describe('what npm run smoke verifies', () => {
  test('has every theorem of the package', () => {
    const verified = Object.keys(KEPT).map((file) => /^theorem: *(\S+)/m.exec(readFileSync(file, 'utf8'))?.[1]);
    expect(theoremIds().filter((id) => !verified.includes(id))).toEqual([]);
  });

  test('is as each file expects it', () => {
    for (const [file, claims] of Object.entries(KEPT)) {
      const expected = /^expect: *(\S+)/m.exec(readFileSync(file, 'utf8'))?.[1] ?? 'proved';
      expect([file, Object.values(claims).some((said) => said.startsWith(expected))]).toEqual([file, true]);
    }
  });
});
