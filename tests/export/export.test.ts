import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { InputError } from '../../src/errors.js';
import { exported } from '../../src/export/export.js';
import { Builder } from '../../src/network/builder.js';
import type { Network } from '../../src/network/network.js';
import { Rational } from '../../src/numbers/rational.js';
import { prove } from '../../src/proof/prove/prove.js';
import { parseStatement } from '../../src/statement/index.js';

import { coqc, hasCoq } from '../generators/coq.js';

const folder = mkdtempSync(join(tmpdir(), 'export-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** x^2/2 + relu(x - 1/2), or x (x - 1/3). */
function network(isSmooth: boolean): Network {
  const b = new Builder();
  const x = b.input('x', { n: 1 });
  const number = (num: number, den: number) => b.scalar(Rational.of(num, den));
  if (isSmooth) return b.network({ y: b.mul(x, b.sub(x, number(1, 3))) });
  return b.network({ y: b.add(b.mul(b.mul(x, x), number(1, 2)), b.relu(b.sub(x, number(1, 2)))) });
}

function text(extension: string, statement: string, isSmooth = false): string {
  const model = { name: null, file: 'net.json', sha256: '0', network: network(isSmooth) };
  const statements = new Map([['claim', parseStatement(statement)]]);
  const result = prove([model], statements, { width: Rational.of(1, 1000), progress: () => {} });
  return exported(`file${extension}`, [model], statements, result);
}

const compile = coqc('exports');
const has = (program: string) => spawnSync('which', [program]).status === 0;
/** Whether the program accepts the script. */
function accepts(program: string, script: string): boolean {
  const file = join(folder, 'script');
  writeFileSync(file, script);
  const args = program === 'gappa' ? ['-Bnull', file] : [file];
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: folder, encoding: 'utf8' });
  return program === 'sollya' ? /proved/.test(stdout) : status === 0 && !/failed|not/.test(stderr);
}

const KINKED = 'for all x in [-1/3, 1]: |y - x/3| <= 3/4';
const SMOOTH = 'for all x in [0, 2]: |y - sin(x)| <= 5/2';

describe('other provers prove what is written for them, and not what is false', () => {
  test.skipIf(!has('gappa'))('Gappa', () => {
    const script = text('.g', KINKED);
    expect(accepts('gappa', script)).toBe(true);
    expect(accepts('gappa', script.replace('<= 0.75', '<= 0.3'))).toBe(false);
  });

  test.skipIf(!has('sollya'))('Sollya', () => {
    const script = text('.sollya', SMOOTH, true);
    expect(accepts('sollya', script)).toBe(true);
    expect(accepts('sollya', script.replace('<= (5 / 2))', '<= 2)'))).toBe(false);
  });

  test.skipIf(!hasCoq)(
    'Coq',
    async () => {
      for (const script of [
        text('.v', KINKED),
        text('.v', SMOOTH, true),
        text('.v', 'for all x in [0, 2]: y >= -1/3', true),
      ])
        await compile(script);
      await expect(compile(text('.v', KINKED).replace('<= (3 / 4)', '<= (1 / 4)'))).rejects.toThrow('Error');
    },
    60_000,
  );
});

/** The value of an FPCore body at a point, by its own words. */
function fpcoreValue(script: string, x: number): unknown {
  const body = script.slice(script.indexOf(':pre (') + 4);
  const tokens = body.match(/[()]|[^\s()]+/g)!;
  let at = 0;
  const read = (): unknown => {
    const token = tokens[at++];
    if (token !== '(') return token;
    const list: unknown[] = [];
    while (tokens[at] !== ')') list.push(read());
    at += 1;
    return list;
  };
  read();
  const names = new Map<string, number>([['x', x]]);
  const functions: Record<string, (...args: number[]) => number | boolean> = {
    '+': (...args) => args.reduce((a, b) => a + b),
    '*': (...args) => args.reduce((a, b) => a * b),
    ...{ pow: (a, b) => a ** b, fabs: Math.abs, fmax: Math.max, fmin: Math.min, sin: Math.sin },
    '<=': (a, b) => a <= b,
  };
  const value = (tree: unknown): number | boolean => {
    if (typeof tree === 'string') {
      const [num, den = '1'] = tree.split('/');
      return names.get(tree) ?? Number(num) / Number(den);
    }
    const [head, ...rest] = tree as unknown[];
    if (head === 'let*') {
      for (const [name, e] of rest[0] as [string, unknown][]) names.set(name, value(e) as number);
      return value(rest[1]);
    }
    return functions[head as string](...(rest.map(value) as number[]));
  };
  return value(read());
}

test('FPCore holds the box as its precondition and the relation as its body', () => {
  const script = text('.fpcore', KINKED);
  expect(script).toContain(':pre (and (<= -1/3 x 1))');
  for (const x of [-0.33, 0, 0.5, 0.7, 1]) expect(fpcoreValue(script, x)).toBe(true);
  expect(fpcoreValue(script.replace(/3\/4\)+\n/, '1/4))\n'), 1)).toBe(false);
  expect(text('.fpcore', 'for all x in [0, 2]: |y - sin(x)| <= ?', true)).toMatch(/\(sin x\)/);
});

test.each<[string, string, RegExp]>([
  ['.txt', KINKED, /allowed: \.fpcore, \.sollya/],
  ['.sollya', KINKED, /max, which the rigorous norm of Sollya does not know/],
  ['.g', 'for all x in [0, 1]: y <= exp(x)', /exp, which Gappa does not know/],
  ['.fpcore', 'for all x in [0, 1]: y <= 1/100', /not proved/],
  ['.fpcore', 'for all x in R: y >= 0', /not (proved|about a box)/],
  ['.v', 'for all x in [0, 1] with x >= 1/2: y <= 3', /under conditions/],
])('%s for %s says why not', (extension, statement, message) => {
  expect(() => text(extension, statement)).toThrow(InputError);
  expect(() => text(extension, statement)).toThrow(message);
});
