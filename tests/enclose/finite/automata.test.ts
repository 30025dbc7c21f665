import { expect, it } from 'vitest';
import { automatonNet } from '../../../constructions/automaton.js';
import { lehmer } from '../../../src/numbers/random.js';
import { Rational } from '../../../src/numbers/rational.js';
import { proveMargin } from '../../../src/proof/rules/sequences/margin.js';

const NIGHTLY = process.env.EXHIBIT_NIGHTLY === '1';

type Table = readonly (readonly number[])[];

/** The network for two letters behind a start token, which leaves the state as it is. */
function network(T: number, letters: Table, depth = Math.ceil(Math.log2(T)), beta = Math.log(7 * (T - 1))) {
  const table = [letters[0].map((_, q) => q), ...letters];
  return automatonNet({ T, table, start: 0, beta: Rational.of(Math.ceil(1000 * beta), 1000), depth });
}

/** Of the state after all letters, at the last token. */
function claim(T: number, letters: Table): string {
  const rows = [letters[0].map((_, q) => q), ...letters].map((row) => `[${row.join(', ')}]`).join(', ');
  return `for all x in {0} x {1..${letters.length}}^${T - 1}: margin(y[${T}], 1 + automaton(x[2..${T}], 0, ${rows})) > 0`;
}

it.each(
  NIGHTLY
    ? [
        [37, 2],
        [20, 3],
        [64, 3],
      ]
    : [
        [16, 2],
        [64, 2],
      ],
)(
  'random automata are read over all words of %i tokens, %i states',
  (T, Q) => {
    const random = lehmer(T + Q);
    const letters = Array.from({ length: 2 }, () => Array.from({ length: Q }, () => Math.floor(random() * Q)));
    const [fact] = proveMargin(network(T, letters), claim(T, letters));
    expect(fact.kind).toBe('fact');
    expect(fact.enclosure!.lo!.le(Rational.one)).toBe(true);
    expect(Rational.of(9, 10).lt(fact.enclosure!.lo!)).toBe(true);
  },
  600_000,
);

it('a word that is read wrongly is found, with too few layers or too little attention', () => {
  const letters = [
    [1, 0],
    [0, 1],
  ];
  for (const wrong of [network(6, letters, 2), network(6, letters, 3, 1)]) {
    const outcomes = proveMargin(wrong, claim(6, letters));
    const at = outcomes.find((one) => one.kind === 'fact' && one.at !== null);
    expect(at?.enclosure?.hi?.sign()).toBeLessThanOrEqual(0);
  }
});
