import { afterEach, expect, test, vi } from 'vitest';
import { EXIT, reportFailure } from '../../src/cli/exit.js';
import { InputError } from '../../src/errors.js';

afterEach(() => vi.restoreAllMocks());

function reported(error: unknown): { code: number; said: string } {
  let said = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said += text;
    return true;
  });
  return { code: reportFailure(error), said };
}

test('bad input is one line and code 3', () => {
  const { code, said } = reported(new InputError({ file: 'a\nb.yaml', line: 3, field: 'T', found: 'x\n\n  y' }));
  expect([code, EXIT.badInput]).toEqual([3, 3]);
  expect(said).toBe("error: a b.yaml:3, field 'T': x y\n");
});

test('anything else is a defect with its stack and code 4', () => {
  const { code, said } = reported(new RangeError('unforeseen'));
  expect([code, EXIT.internal]).toEqual([4, 4]);
  expect(said).toMatch(/^internal error: RangeError: unforeseen\n {4}at /);
  expect(said).toContain('please report it');
});
