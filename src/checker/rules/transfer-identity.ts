import { hold, spend } from '../budget.js';
import type { Rule } from '../fact.js';
import { demand } from '../failure.js';
import { bitsOf, costOfProduct, type Fraction } from '../fraction.js';
import { fraction, index, list, record } from '../network.js';
import { advance, dot, type Integers, integer, integers, lcm, readChain } from '../recurrences.js';

type Complex = readonly [re: Fraction, im: Fraction];

const LONGEST = 2 ** 20;

/**
 * Data: `modes` [[residue, pole], ...] of complex numbers [re, im], and possibly a `length`. The network is a chain of
 * linear recurrences with outputs y and possibly y_imag, whose impulse responses are the real and the imaginary part of
 * rho(t) = sum residue pole^t: before `length`, as run; without it for all t, since the generating function of the
 * difference is a polynomial of degree below n = (entries of all states) + 2 (number of modes) over one of constant term
 * 1, so it vanishes when its first n coefficients do. Recurrences that take K times at once are run on K impulses.
 */
export const transferIdentity: Rule = ({ network }, data) => {
  const fields = record(data, 'the data', ['modes', 'length']);
  const complex = (value: unknown): Complex => {
    const [re, im] = list(value, 'a complex number').map((part) => fraction(part, 'a part of a complex number'));
    return [re, im];
  };
  const pairs = list(fields.modes, 'modes').map((mode) => list(mode, 'a mode').map(complex));
  demand(pairs.length > 0, 'there are no modes');
  const chain = readChain(network);
  const length = fields.length === undefined ? null : index(fields.length, LONGEST, 'the length');
  demand(length !== null || chain.block === 1, 'the recurrences take several times at once: a length is missing');
  const n = length ?? chain.layers.reduce((total, { A }) => total + A.length, 0) + 2 * pairs.length;
  const response = modeSums(pairs, n);
  for (let k = 0; k < chain.block; k++) {
    const impulse = Array.from({ length: chain.block }, (_, j) => (j === k ? 1n : 0n));
    let states: Integers[] = chain.layers.map(({ A }) => integers(A.map(() => 0n)));
    for (let [b, own] = [0, chain.scale]; b * chain.block < n; b++, own *= chain.step) {
      states = advance(chain, states, b === 0 ? impulse : impulse.fill(0n));
      for (const [name, rows] of chain.outputs) {
        for (const [j, row] of rows.entries()) {
          const t = b * chain.block + j - k;
          if (t + k >= n) continue;
          const value = dot(row, states[states.length - 1]);
          const { parts, scale } = response[t] ?? { parts: [0n, 0n], scale: 1n };
          spend(4 * costOfProduct(states[states.length - 1].bits, bitsOf(own)));
          const isEqual = value * scale === parts[name === 'y' ? 0 : 1] * own;
          demand(isEqual, `the impulse response differs from the sum of the modes at t = ${t}`);
        }
      }
    }
  }
  const parts = [...chain.outputs.keys()].map((name) => `${name}(t) = ${name === 'y' ? 'Re' : 'Im'} r(t)`);
  const text = ([re, im]: Complex) => (im.isZero ? `(${re})` : `(${re} + ${im} i)`);
  const rho = pairs.map(([residue, pole]) => `${text(residue)} ${text(pole)}^t`);
  return {
    kind: 'closed',
    conclusion: { kind: 'response', ...fields },
    statement:
      `run from state 0 on an input u of ${length === null ? 'any length' : `up to ${length} entries`}, the recurrences ` +
      `of the network give ${parts.join(', ')} with r(t) = sum_{s<=t} rho(t-s) u(s), rho(t) = ${rho.join(' + ')}`,
  };
};

/** sum residue pole^t for t < n, as a complex integer over a scale. */
function modeSums(pairs: readonly (readonly Complex[])[], n: number) {
  const scaleOf = (values: Iterable<Fraction>) => [...values].reduce((d, { d: other }) => lcm(d, other), 1n);
  const [residues, poles] = [0, 1].map((k) => scaleOf(pairs.flatMap((mode) => mode[k])));
  let terms = pairs.map(([residue]) => residue.map((part) => integer(part, residues)));
  const powers = pairs.map(([, pole]) => pole.map((part) => integer(part, poles)));
  let scale = residues;
  return Array.from({ length: n }, () => {
    const now = { parts: [0, 1].map((part) => terms.reduce((total, term) => total + term[part], 0n)), scale };
    const bits = bitsOf(scale);
    spend((terms.length + 1) * (20 + 4 * costOfProduct(bits, bitsOf(poles))));
    hold(200 + bits / 2);
    terms = terms.map(([a, b], i) => [a * powers[i][0] - b * powers[i][1], a * powers[i][1] + b * powers[i][0]]);
    scale *= poles;
    return now;
  });
}
