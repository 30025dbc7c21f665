import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sweepCsv } from '../../src/report/csv.js';
import { type ResultDocument, readDocument, type SweepDocument } from '../../src/report/document.js';
import { latex } from '../../src/report/latex.js';

const claim = {
  id: 'error_1',
  kind: 'bound',
  statement: 'for all x in [0, 1]: |y - x^2| <= 1/100 & more_text',
  tex: '\\forall x \\in [0, 1]\\colon |y - x^2| \\le \\frac{1}{100}',
  verdict: 'proved',
  checked: true,
  predicted: '0.01',
  enclosure: ['0.0012345678901234', '1e-2'],
  witness: { x: ['1/3'] },
  steps: [],
  method: 'branch and bound',
  source: 'proved',
  facts: [],
  seconds: 0.5,
};
const result = {
  tool: { name: 'exhibit', version: '0.1.0' },
  theorem: 'hat_interpolation',
  params: { f: 'x^2 \\ {evil} $ % # ~ é', N: '4' },
  seed: 0,
  verdict: 'proved',
  claims: [claim, { ...claim, id: 'size', tex: '} \\input{/etc/passwd} {', enclosure: null, witness: null }],
  network: { sha256: 'ab'.repeat(32), parameters: 3, nonzero: 3, maxAbsWeight: '2', layers: [] },
  seconds: 1,
};

const read = (document: object) => readDocument(JSON.stringify(document)).document as ResultDocument;

test('a result as LaTeX states, bounds and lists its claims', () => {
  const text = latex(read(result));
  expect(text).toContain('|y - x^2| \\le \\frac{1}{100}');
  expect(text).toContain('Proved: at most $0.01$.');
  expect(text).toContain('Attained: at least $0.00123456$.');
  expect(text).toContain('error\\_1 & proved (checked) &');
});

test.each(['} \\input{/etc/passwd} {', '\\input{/etc/passwd}', '\\catcode`\\@=0', '^^5cinput{x}', '% {'])(
  'no text of a result reaches TeX as a command: %s',
  (tex) => {
    const hostile = { ...result, theorem: '\\input{x}', claims: [{ ...claim, tex }] };
    const text = latex(read(hostile));
    expect(text).not.toMatch(/\\(input|catcode)|\^\^/);
    expect(text.replaceAll(/\\[{}]/g, '')).toSatisfy(isBalanced);
  },
);

function isBalanced(text: string): boolean {
  let depth = 0;
  for (const character of text) {
    if (character === '{') depth += 1;
    if (character === '}' && --depth < 0) return false;
  }
  return depth === 0;
}

const hasTex = spawnSync('pdflatex', ['--version']).status === 0;

test.skipIf(!hasTex)('it compiles', () => {
  const folder = mkdtempSync(join(tmpdir(), 'exhibit-tex-'));
  const paper = `\\documentclass{article}\\usepackage{amsmath, amssymb}\\begin{document}\n${latex(read(result))}\\end{document}\n`;
  writeFileSync(join(folder, 'paper.tex'), paper);
  const args = ['-interaction=nonstopmode', '-halt-on-error', '-draftmode', 'paper.tex'];
  execFileSync('pdflatex', args, { cwd: folder, stdio: 'ignore' });
});

test('a sweep as CSV has a column for each axis and two for each enclosure', () => {
  const points = [
    { params: { N: '4', f: 'a,"b"' }, values: { error: ['1', '2'] as [string, string], size: 3 } },
    { params: { N: '8', f: 'c' }, values: { error: null, size: 4 } },
  ];
  const sweep = { tool: result.tool, theorem: 't', seed: 0, verdict: null, points, rates: [] };
  expect(sweepCsv(readDocument(JSON.stringify(sweep)).document as SweepDocument)).toBe(
    'N,f,error.lo,error.hi,size\n4,"a,""b""",1,2,3\n8,c,,,4\n',
  );
});
