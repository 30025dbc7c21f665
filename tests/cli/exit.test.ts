import { expect, test, vi } from 'vitest';
import { EXIT, reportFailure } from '../../src/cli/exit.js';
import { InputError, OutputError } from '../../src/errors.js';

let said = '';
vi.mock('../../src/cli/output.js', () => ({
  emit: () => {},
  talk: (text: string) => {
    said += text;
  },
}));

function reported(error: unknown): { code: number; said: string } {
  said = '';
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

test("a result that could not be written has code 4 and is nobody's defect", () => {
  const { code, said } = reported(new OutputError('the disk is full'));
  expect([code, said]).toEqual([4, 'error: the disk is full\n']);
});
