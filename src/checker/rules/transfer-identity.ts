import { hold, spend } from '../budget.js';
import { closed, type Rule } from '../fact.js';
import { demand } from '../failure.js';
import { bitsOf, costOfProduct, Fraction } from '../fraction.js';
import { fraction, index, list, record } from '../network.js';
import { dot, impulse, integer, lcm, readChain } from '../recurrences.js';

type Complex = readonly [re: Fraction, im: Fraction];

const LONGEST = 2 ** 20;

/**
 * Data: `modes` [[residue, pole], ...] of complex numbers [re, im], and possibly a `length`. The network is a chain of
 * linear recurrences with outputs y and possibly y_imag, whose impulse responses are the real and the imaginary part of
 * rho(t) = sum residue pole^t: before `length`, as run; without it for all t, since the generating function of the
 * difference is a polynomial of degree below n = (entries of all states) + 2 (number of modes) over one of constant term
 * 1, so it vanishes when its first n coefficients do. Recurrences that take K times at once are run on K impulses.
 * Or a `cycle` [m, a, r, g]: rho(t) = g r^t for t = a mod m and 0 elsewhere, the sum of (g/m) w^(-a j) (r w^j)^t over m-th roots of unity w^j.
 */
export const transferIdentity: Rule = ({ network }, data) => {
  const fields = record(data, 'the data', ['modes', 'cycle', 'length']);
  const chain = readChain(network);
  const length = fields.length === undefined ? null : index(fields.length, LONGEST, 'the length');
  demand(length !== null || chain.block === 1, 'the recurrences take several times at once: a length is missing');
  const { degree, before, text } = fields.cycle === undefined ? modesOf(fields.modes) : cycleOf(fields.cycle);
  demand(fields.cycle === undefined || fields.modes === undefined, 'there are modes and a cycle');
  const n = length ?? chain.layers.reduce((total, { A }) => total + A.length, 0) + degree;
  const response = before(n);
  for (let k = 0; k < chain.block; k++) {
    for (const { b, state, own } of impulse(chain, Math.floor((n - 1) / chain.block) + 1, k)) {
      for (const [name, rows] of chain.outputs) {
        for (const [j, row] of rows.entries()) {
          const t = b * chain.block + j - k;
          if (t + k >= n) continue;
          const value = dot(row, state);
          const { parts, scale } = response[t] ?? { parts: [0n, 0n], scale: 1n };
          spend(4 * costOfProduct(state.bits, bitsOf(own)));
          const isEqual = value * scale === parts[name === 'y' ? 0 : 1] * own;
          demand(isEqual, `the impulse response differs from the sum of the modes at t = ${t}`);
        }
      }
    }
  }
  const parts = [...chain.outputs.keys()].map((name) => `${name}(t) = ${name === 'y' ? 'Re' : 'Im'} r(t)`);
  return closed(
    { kind: 'response', ...fields },
    `run from state 0 on an input u of ${length === null ? 'any length' : `up to ${length} entries`}, the recurrences ` +
      `of the network give ${parts.join(', ')} with r(t) = sum_{s<=t} rho(t-s) u(s), rho(t) = ${text}`,
  );
};

/** A response: the degree of its generating function, its values before a time as complex integers over scales, and in words. */
interface Response {
  readonly degree: number;
  readonly before: (n: number) => readonly { readonly parts: readonly bigint[]; readonly scale: bigint }[];
  readonly text: string;
}

function modesOf(modes: unknown): Response {
  const complex = (value: unknown): Complex => {
    const [re, im] = list(value, 'a complex number').map((part) => fraction(part, 'a part of a complex number'));
    return [re, im];
  };
  const pairs = list(modes, 'modes').map((mode) => list(mode, 'a mode').map(complex));
  demand(pairs.length > 0, 'there are no modes');
  const text = ([re, im]: Complex) => (im.isZero ? `(${re})` : `(${re} + ${im} i)`);
  const rho = pairs.map(([residue, pole]) => `${text(residue)} ${text(pole)}^t`);
  return { degree: 2 * pairs.length, before: (n) => modeSums(pairs, n), text: rho.join(' + ') };
}

function cycleOf(cycle: unknown): Response {
  const [m, a, r, g] = list(cycle, 'a cycle');
  const period = index(m, LONGEST, 'a period');
  const at = index(a, period, 'a time');
  const [ratio, gain] = [fraction(r, 'a ratio'), fraction(g, 'a gain')];
  let [p, scale] = [gain.n, gain.d];
  const before = (n: number) =>
    Array.from({ length: n }, (_, t) => {
      const now = t % period === at ? { parts: [p, 0n], scale } : { parts: [0n, 0n], scale: 1n };
      spend(20 + 2 * costOfProduct(bitsOf(scale), ratio.bits));
      hold(200 + bitsOf(scale) / 2);
      [p, scale] = [p * ratio.n, scale * ratio.d];
      return now;
    });
  const residue = gain.abs().div(Fraction.of(period));
  const text =
    `${gain} (${ratio})^t at t = ${at} mod ${period} and 0 elsewhere, which is a sum of powers of the ${period} poles ${ratio} ` +
    `e^(2 pi i j/${period}) with residues of modulus ${residue}`;
  return { degree: period, before, text };
}

/** sum residue pole^t for t < n, as a complex integer over a scale. */
function modeSums(pairs: readonly (readonly Complex[])[], n: number) {
  const [residues, poles] = [0, 1].map((k) => pairs.flatMap((mode) => mode[k]).reduce((d, part) => lcm(d, part.d), 1n));
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
