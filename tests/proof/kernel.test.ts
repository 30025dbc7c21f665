import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Builder } from '../../src/network/builder.js';
import { Rational } from '../../src/numbers/rational.js';
import { Fact, mint, type Outcome } from '../../src/proof/fact.js';
import { judge } from '../../src/proof/judge.js';
import { findingOfClaim } from '../../src/proof/prove-claim.js';
import { proveSize } from '../../src/proof/rules/counting.js';
import { attained, type Sentence, sentence, special, supremumSentence } from '../../src/proof/sentence.js';
import { Networks } from '../../src/proof/subject.js';
import { smallRational } from '../generators/numbers.js';

function net() {
  const b = new Builder();
  return b.network({ y: b.relu(b.input('x', { k: 1 })) });
}

const network = net();
const rule = { id: 'for-tests', tex: '' };
const base = { rule, id: 'step', network, domain: null, found: null };
const about = (says: Sentence | string, more: object = {}) => mint({ ...base, says, ...more });

function files(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? files(path) : [path];
  });
}

/** Where `verdict: 'proved'` stands, and why. */
const WRITERS: Readonly<Record<string, string>> = {
  'src/proof/judge.ts': 'the one place that derives it',
  'src/proof/prove-claim.ts': 'a fact as a step for readers',
  'src/execution/execution.ts': 'terms of an observed claim, which is never proved',
};

describe('facts', () => {
  it('alone lead to verdicts: no other file writes one', () => {
    const written = /verdict: 'proved'(?! \|)/;
    const writers = ['src/proof', 'src/execution', 'src/audit', 'src/theorem-file', 'proofs-check', 'constructions']
      .flatMap(files)
      .filter((path) => path.endsWith('.ts') && written.test(readFileSync(path, 'utf8')))
      .map((path) => path.replaceAll('\\', '/'));
    expect(writers.sort()).toEqual(Object.keys(WRITERS).sort());
  });

  it('are made by files of rules/ alone', () => {
    const makers = ['src', 'constructions', 'proofs-check', 'bench', 'examples']
      .flatMap((folder) => (readdirSync('.').includes(folder) ? files(folder) : []))
      .filter((path) => /\.[mc]?[jt]s$/.test(path) && !path.startsWith(join('src', 'proof', 'rules')))
      .filter((path) => /\b(mint|mintAttained)\b/.test(readFileSync(path, 'utf8')));
    expect(makers).toEqual([join('src', 'proof', 'fact.ts')]);
  });

  it('do not come about in other ways', () => {
    const genuine = about('words');
    for (const made of [genuine, sentence('0 = 0')]) {
      const construct = made.constructor as new (...args: unknown[]) => unknown;
      for (const args of [[{ ...base, says: 'x' }], [Symbol('mint'), { ...base, says: 'x' }]]) {
        expect(() => new construct(...args)).toThrow(TypeError);
      }
    }
    expect(Fact.isGenuine(genuine)).toBe(true);
    for (const forged of [{ ...genuine }, Object.create(Fact.prototype), JSON.parse(JSON.stringify(genuine)), null]) {
      expect(Fact.isGenuine(forged)).toBe(false);
    }
    expect(() => Object.assign(genuine, { kind: 'open' })).toThrow(TypeError);
  });

  it('combine only where they are about the same network, the same domain and all inputs', () => {
    const on = (domain: string | null, of = network, more: object = {}) =>
      mint({ ...base, network: of, domain, says: 'words', ...more });
    const unit = 'x in [0, 1]';
    expect(() => on(unit, network, { premises: [on(unit), on(null)] })).not.toThrow();
    expect(() => on(unit, network, { premises: [on('x in [0, 2]')] })).toThrow('holds for x in [0, 2]');
    expect(() => on(null, network, { premises: [on(unit)] })).toThrow('not for all inputs');
    expect(() => on(unit, network, { premises: [on(unit, net())] })).toThrow('another network');
    const one = on(unit, network, { at: { x: '1' } });
    expect(() => on(unit, network, { premises: [one] })).toThrow('at one input only');
    expect(() => on(unit, network, { premises: [{ ...on(unit) }] })).toThrow('no fact');
    expect(() => about('words', { enclosure: { lo: Rational.one, hi: Rational.zero } })).toThrow('is empty');
  });
});

describe('sentences', () => {
  it('cannot be changed in any part, since those of one text are one', () => {
    const text = 'for all x in [0, 1]: 2*|y - x^2| + 1 < 2';
    const made = sentence(text);
    expect(sentence(text)).toBe(made);
    const [{ strict, outer }] = made.bounds;
    expect([strict, outer]).not.toContain(undefined);
    for (const part of [made, made.bounds, made.bounds[0], strict, outer]) expect(Object.isFrozen(part)).toBe(true);
  });
});

describe('judge', () => {
  const claim = (c: Rational) => sentence(`for all x in [0, 1]: |y - x^2| <= ${c}`);
  const range = (lo: Rational, hi: Rational) => sentence(`for all x in [0, 1]: ${lo} <= y - x^2 <= ${hi}`);
  const verdict = (claimed: Sentence, ...facts: Outcome[]) => judge(claimed, network, facts).verdict;

  it('compares bounds exactly, and nothing but bounds', () => {
    fc.assert(
      fc.property(smallRational, smallRational, smallRational, (a, b, c) => {
        const [lo, hi] = a.lt(b) ? [a, b] : [b, a];
        const most = c.abs();
        const isProved = most.neg().le(lo) && hi.le(most);
        const isRefuted = most.lt(lo) || hi.lt(most.neg());
        const expected = isProved ? 'proved' : isRefuted ? 'refuted' : 'undecided';
        expect(verdict(claim(most), about(range(lo, hi)))).toBe(expected);
      }),
    );
  });

  it('refutes by what is attained at one input, and never proves by it', () => {
    const two = Rational.of(2);
    const signed = sentence('for all x in [0, 1]: y - x^2 <= ?');
    const point = about(attained(signed, { lo: two, hi: two }, 'x = 1'), { at: { x: '1' } });
    expect(verdict(claim(Rational.one), point)).toBe('refuted');
    expect(verdict(claim(two), point)).toBe('undecided');
    expect(verdict(claim(Rational.of(3)), point)).toBe('undecided');
    const { enclosure, witness } = judge(claim(two), network, [point, about(claim(two))]);
    expect([String(enclosure!.lo), String(enclosure!.hi), witness]).toEqual(['2', '2', { x: '1' }]);
    const exact = supremumSentence(claim(two), { lo: two, hi: two });
    expect(verdict(exact, point)).toBe('undecided');
    expect(verdict(exact, point, about(claim(two)))).toBe('proved');
    expect(verdict(supremumSentence(claim(two), { hi: Rational.one }), point)).toBe('refuted');
  });

  it('moves what is attained to the normal form, whose constants stand in the ends', () => {
    fc.assert(
      fc.property(smallRational, smallRational, smallRational, (value, constant, factor) => {
        fc.pre(!factor.isZero());
        const term = `(${factor})*y - x^2 + (${constant})`;
        const signed = sentence(`for all x in [0, 1]: ${term} <= ?`);
        const point = about(attained(signed, { lo: value, hi: value }, 'x = 1'), { at: { x: '1' } });
        const judged = (text: string) => judge(sentence(`for all x in [0, 1]: ${text}`), network, [point]);
        const size = value.abs();
        expect(judged(`|${term}| <= ${size}`).verdict).toBe('undecided');
        expect(judged(`|${term}| <= ${size}`).enclosure!.lo!.equals(size)).toBe(true);
        if (!size.isZero()) expect(judged(`|${term}| <= ${size.div(Rational.of(2))}`).verdict).toBe('refuted');
        expect(judged(`${term} <= ${value}`).verdict).toBe('undecided');
        expect(judged(`${term} <= ${value.sub(Rational.one)}`).verdict).toBe('refuted');
        expect(judged(`${term} >= ${value.add(Rational.one)}`).verdict).toBe('refuted');
      }),
    );
    const lost = sentence('for all x in [0, 1]: |y - x^2| <= ?');
    expect(() => attained(lost, { lo: Rational.one, hi: Rational.one }, 'x = 1')).toThrow('no signed value');
  });

  it('takes facts of other domains, quantities and networks for nothing', () => {
    const one = Rational.one;
    expect(verdict(claim(one), about(sentence('for all x in [0, 1/2]: |y - x^2| <= 1')))).toBe('undecided');
    expect(verdict(claim(one), about(sentence('for all x in [0, 1]: |y - x^3| <= 1')))).toBe('undecided');
    expect(verdict(claim(one), mint({ ...base, network: net(), says: claim(one) }))).toBe('undecided');
    expect(verdict(claim(one), about('for all x in [0, 1]: |y - x^2| <= 1'))).toBe('undecided');
  });

  it('combines facts about several networks only where they are the same ones', () => {
    const claimed = sentence('for all x in [0, 1]: a.y - b.y <= 1');
    const [both, others] = [1, 2].map(() => new Networks(new Map([...'ab'].map((name) => [name, network]))));
    const fact = mint({ ...base, network: both, says: claimed });
    expect(judge(claimed, both, [fact]).verdict).toBe('proved');
    expect(judge(claimed, others, [fact]).verdict).toBe('undecided');
    expect(judge(claimed, network, [fact]).verdict).toBe('undecided');
  });

  it('reports the quantity as the statement writes it', () => {
    const enclosure = (text: string) => {
      const fact = about(sentence('for all x in [0, 1]: 1 <= y - x <= 3'));
      const found = judge(sentence(text), network, [fact]).enclosure;
      return [found?.lo, found?.hi].map(String);
    };
    expect(enclosure('for all x in [0, 1]: |y - x - 1| <= 2')).toEqual(['0', '2']);
    expect(enclosure('for all x in [0, 1]: 2*y - 2*x <= 9')).toEqual(['2', '6']);
    expect(enclosure('for all x in [0, 1]: x - y >= -5')).toEqual(['-3', '-1']);
    expect(enclosure('for all x in [0, 1]: |y - x - 1| <= ?')).toEqual(['0', '2']);
  });

  it('holds a statement that asks for one end to the other end, too', () => {
    const fact = about(sentence('for all x in [0, 1]: 0 <= y <= 3'));
    expect(verdict(sentence('for all x in [0, 1]: ? <= y <= 2'), fact)).toBe('undecided');
    expect(verdict(sentence('for all x in [0, 1]: 1 <= y <= ?'), fact)).toBe('undecided');
    expect(verdict(sentence('for all x in [0, 1]: ? <= y <= 3'), fact)).toBe('proved');
  });

  it('excludes an end where the statement does, and only there', () => {
    const zero = proveSize(network, 'parameters');
    expect(verdict(sentence('0 <= parameters < 5'), zero)).toBe('proved');
    expect(verdict(sentence('0 < parameters <= 5'), zero)).toBe('refuted');
    expect(verdict(sentence('-5 < parameters <= 0'), zero)).toBe('proved');
    expect(verdict(sentence('-5 <= parameters < 0'), zero)).toBe('refuted');
  });

  it('takes the supremum of |u| as u is written', () => {
    const [one, two, eleven] = [1, 2, 11].map((n) => Rational.of(n));
    const facts = [
      about(sentence('for all x in [0, 1]: |y - x| <= 1')),
      about(sentence('for all x in [0, 1]: y - x = 1'), { at: { x: '0' } }),
    ];
    const supremum = (text: string, value: Rational) =>
      verdict(supremumSentence(sentence(`for all x in [0, 1]: ${text}`), { lo: value, hi: value }), ...facts);
    expect(supremum('|2*y - 2*x| <= 9', one)).toBe('refuted');
    expect(supremum('|2*y - 2*x| <= 9', two)).toBe('proved');
    expect(supremum('|y - x + 10| <= 99', one)).toBe('refuted');
    expect(supremum('|y - x + 10| <= 99', eleven)).toBe('proved');
    for (const text of ['y <= 1', '|y| <= 1 and |x| <= 2']) expect(() => supremum(text, one)).toThrow(TypeError);
  });

  it('needs every relation of a conjunction', () => {
    const sizes = [proveSize(network, 'parameters'), proveSize(network, 'depth')];
    expect(verdict(sentence('parameters <= 0 and depth <= 1'), ...sizes)).toBe('proved');
    expect(verdict(sentence('parameters <= 0 and depth <= 0'), ...sizes)).toBe('refuted');
    expect(verdict(sentence('parameters <= 0 and units <= 1'), ...sizes)).toBe('undecided');
  });
});

describe('a claim whose author writes more than a statement and rules', () => {
  const says = 'for all x in [0, 1]: |y - x^2| <= 0';
  const audit = { theorem: 'mine', network, stated: undefined } as never;
  const prove = (returned: unknown, said: unknown = says) =>
    findingOfClaim(
      { id: 'error', kind: 'bound', statement: '', trust: 'proved', says: () => said, prove: () => returned } as never,
      audit,
      null,
    );

  it('gets an error that names the theorem and the claim', async () => {
    for (const returned of [
      null,
      { verdict: 'proved', steps: [] },
      { outcomes: [{ kind: 'fact', sentence: sentence(says), network, at: null }], method: 'trust me' },
      { outcomes: [{ ...about(sentence(says)) }], method: 'trust me' },
    ]) {
      await expect(prove(returned)).rejects.toThrow("mine, claim 'error'");
    }
    const own = { text: says, tex: '', bounds: special('anything').bounds };
    await expect(prove({ outcomes: [], method: '' }, own)).rejects.toThrow('neither a text nor made by a rule');
  });

  it('is undecided without facts, whatever else is returned', async () => {
    const finding = await prove({ outcomes: [], method: 'trust me', verdict: 'proved', notes: ['0 = 1'] });
    expect([finding.verdict, finding.enclosure]).toEqual(['undecided', null]);
  });
});
