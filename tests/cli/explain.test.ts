import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { answer } from './answer.js';
import { exhibit, scratch } from './exhibit.js';

const folder = scratch();
const SMALL = ['hat-interpolation', '-p', 'f=x^2', '-p', 'a=0', '-p', 'b=1', '-p', 'N=4'];

describe('explain', () => {
  test('shows the facts behind a claim, its lemma, and what is trusted', async () => {
    const { code, stdout } = await exhibit(['explain', ...SMALL, 'error', '--quiet']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^error: for all x in \[0, 1\]/);
    expect(stdout).toMatch(/sup-norm \(\S+\)/);
    expect(stdout).toMatch(/lemma: /);
    expect(stdout).toMatch(/The checker, which shares no code/);
    expect(stdout).toMatch(/\ns PROVED\n$/);
  });

  test('names the lemmas of the book with their theorems in Coq', async () => {
    const words = ['softmax-lipschitz', '-p', 'L=3', 'error', '--quiet'];
    const { stdout } = await answer(['explain', ...words]);
    expect(stdout).toMatch(/lemma softmax-distance \(docs\/lemmas\.md; Coq: Book\.softmax_distance\): /);
    expect(stdout).toMatch(/The lemma softmax-distance of the book is proved in Coq: Book\.softmax_distance\./);
    const { claims } = JSON.parse((await answer(['explain', ...words, '--json'])).stdout);
    expect(JSON.stringify(claims)).toContain('"book":{"name":"softmax-distance","coq":"Book.softmax_distance"}');
  });

  test('says once what facts of one kind and trusted things of all claims have in common', async () => {
    const { stdout } = await answer(['explain', 'attention-contraction', '--quiet']);
    expect(stdout.match(/rows 1 and 2\n/g)).toHaveLength(1);
    expect(stdout).toMatch(/likewise rows1,3, rows1,4, \.\.\., rows7,8: 27 more/);
    expect(stdout.match(/That the statement says what the source says/g)).toHaveLength(1);
    expect(stdout).not.toContain('\\');
  });

  test('says the same of an instance, of its JSON and of its page', async () => {
    const page = join(folder, 'hat.html');
    const made = await answer(['verify', ...SMALL, '--dtype', 'float64', '--json', '--quiet', '--report', page]);
    const file = join(folder, 'hat.json');
    writeFileSync(file, made.stdout);
    const [bare, json, html] = await Promise.all(
      [SMALL, [file], [page]].map(([first, ...others]) =>
        answer(['explain', first, 'error', ...others, '--json', '--quiet']),
      ),
    );
    expect(JSON.parse(json.stdout)).toEqual(JSON.parse(html.stdout));
    expect(JSON.parse(bare.stdout).claims[0]).toEqual(JSON.parse(json.stdout).claims[0]);
  });

  test('explains statements about networks of others', async () => {
    const { code, stdout } = await answer([
      'explain',
      'proofs-check/trained/instances/decaying-wave.yaml',
      '--json',
      '--no-check',
    ]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout).claims.length).toBeGreaterThan(0);
  });

  test.each([
    ['an unknown claim', [...SMALL, 'errors'], /no claim 'errors'; allowed: .*error/],
    ['no file', ['none.json'], /none\.json/],
  ])('%s is bad input', async (_, args, message) => {
    const { code, stdout, stderr } = await answer(['explain', ...args, '--quiet']);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toMatch(message);
  });
});

describe('what a result can be written as', () => {
  test('LaTeX from verify and from its JSON is the same', async () => {
    const tex = join(folder, 'hat.tex');
    const made = await answer(['verify', ...SMALL, '--dtype', 'float64', '--json', '--quiet', '--latex', tex]);
    writeFileSync(join(folder, 'again.json'), made.stdout);
    await answer(['report', join(folder, 'again.json'), '-o', join(folder, 'again.tex')]);
    expect(readFileSync(join(folder, 'again.tex'), 'utf8')).toBe(readFileSync(tex, 'utf8'));
  });

  test('PDF is refused with the way to get one', async () => {
    const { code, stderr } = await answer(['report', join(folder, 'again.json'), '-o', join(folder, 'a.pdf')]);
    expect(code).toBe(3);
    expect(stderr).toMatch(/print it from a browser/);
  });
});
