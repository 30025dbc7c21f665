import { hold, spend } from '../budget.js';
import { closed, type Rule } from '../fact.js';
import { demand } from '../failure.js';
import { costOfProduct, Fraction } from '../fraction.js';
import { fraction, index, list, type Network, record } from '../network.js';
import * as R from '../recurrences.js';

type Complex = readonly [re: Fraction, im: Fraction];

const LONGEST = 2 ** 20;

/**
 * Data: `modes` [[residue, pole], ...] of complex numbers [re, im], and possibly a `length`. The network is a chain of
 * linear recurrences with outputs y and possibly y_imag, whose impulse responses are the real and the imaginary part of
 * rho(t) = sum residue pole^t: before `length`, or for all t without it. The generating function of the difference is a
 * polynomial over one of constant term 1, so that the difference vanishes when its first values do, as many as `settledAt` says.
 * Recurrences that take K times at once are run on K impulses.
 * Possibly `parts` [[...], [...]], marks of all states of the last layer and of all modes: the outputs add up what states of a
 * mark contribute, and rho modes, so that these are held against each other. Or a `cycle` [m, a, r, g]: rho(t) = g r^t for t = a mod m
 * and 0 elsewhere, the sum of (g/m) w^(-a j) (r w^j)^t over m-th roots of unity w^j.
 */
export const transferIdentity: Rule = ({ network }, data) => {
  const { parts, ...fields } = record(data, 'the data', ['modes', 'cycle', 'length', 'parts']);
  const recurrences = R.readRecurrences(network);
  const { block, matrices, columns } = recurrences;
  const length = fields.length === undefined ? null : index(fields.length, LONGEST, 'the length');
  demand(length !== null || block === 1, 'the recurrences take several times at once: a length is missing');
  demand(fields.cycle === undefined || fields.modes === undefined, 'there are modes and a cycle');
  const modes = fields.cycle === undefined ? readModes(fields.modes) : [];
  const response = fields.cycle === undefined ? responseOf(modes) : cycleOf(fields.cycle);
  const given = JSON.stringify([fields.modes, fields.cycle]);
  if (SHOWN.get(network) === given) spend(given.length);
  else if (parts !== undefined) {
    const width = matrices[matrices.length - 1][0].shape[0];
    const [states, summed] = [width, modes.length].map((size, k) => {
      const marks = list(list(parts, 'parts')[k], 'marks');
      demand(marks.length === size && block === 1 && modes.length > 0, 'marks do not fit what they are of');
      return marks;
    });
    for (const part of new Set([...states, ...summed])) {
      const own = [...states.keys()].filter((i) => states[i] === part);
      demandResponse(R.partOf(recurrences, own), responseOf(modes.filter((_, i) => summed[i] === part)), length);
    }
  } else demandResponse(recurrences, response, length);
  if (length === null) SHOWN.set(network, given);
  const outputs = [...columns.keys()].map((name) => `${name}(t) = ${name === 'y' ? 'Re' : 'Im'} r(t)`);
  return closed(
    { kind: 'response', ...fields },
    `run from state 0 on an input u of ${length === null ? 'any length' : `up to ${length} entries`}, the recurrences ` +
      `of the network give ${outputs.join(', ')} with r(t) = sum_{s<=t} rho(t-s) u(s), rho(t) = ${response.text()}`,
  );
};

/** The response of networks that was shown last for all times, and so for all before any. */
const SHOWN = new WeakMap<Network, string>();

/**
 * A response: the poles of its generating function, '' where they are not real, its values before a time as complex integers over scales,
 * and in words.
 */
interface Response {
  readonly poles: readonly string[];
  readonly before: (n: number) => Iterable<{ readonly parts: readonly R.Integer[]; readonly scale: R.Integer }>;
  readonly text: () => string;
}

const [ZERO, ONE] = [0n, 1n].map(R.integer);
const NOTHING = { parts: [ZERO, ZERO], scale: ONE };

/**
 * How many first values tell a response from that of recurrences. This has the generating function P/Q for the product Q of all
 * det(I - A_k w), of no more degrees than rows with entries, nor has P more; a diagonal entry a of a diagonal matrix is a factor 1 - a w.
 * Over a common multiple of Q and the other's denominator the difference has a numerator of no higher degree than this.
 */
function settledAt({ matrices }: R.Recurrences, { poles }: Response): number {
  const left = new Set(poles);
  return matrices.reduce((n, [A]) => {
    const rows = new Set([...A.entries.keys()].map((at) => Math.floor(at / A.shape[1])));
    const shared = R.mixes(A) ? [] : [...A.entries.values()].filter((pole) => left.delete(`${pole}`));
    return n + rows.size - shared.length;
  }, poles.length + 1);
}

function demandResponse(recurrences: R.Recurrences, response: Response, length: number | null): void {
  const chain = R.inIntegers(recurrences);
  const settled = settledAt(recurrences, response);
  const n = Math.min(length ?? settled, chain.block === 1 ? settled : LONGEST);
  const values = [...response.before(n)];
  for (let k = 0; k < chain.block; k++) {
    for (const { b, state, own } of R.impulse(chain, Math.floor((n - 1) / chain.block) + 1, k)) {
      for (const [name, rows] of chain.outputs) {
        for (const [j, row] of rows.entries()) {
          const t = b * chain.block + j - k;
          if (t + k >= n) continue;
          const value = R.dot([row, state]);
          const { parts, scale } = values[t] ?? NOTHING;
          const part = parts[name === 'y' ? 0 : 1];
          spend(costOfProduct(value.bits, scale.bits) + costOfProduct(part.bits, own.bits));
          const isEqual = value.n * scale.n === part.n * own.n;
          demand(isEqual, `the impulse response differs from the sum of the modes at t = ${t}`);
        }
      }
    }
  }
}

type Mode = readonly [residue: Complex, pole: Complex];

export function readModes(modes: unknown): Mode[] {
  const complex = (value: unknown): Complex => {
    const [re, im] = list(value, 'a complex number').map((part) => fraction(part, 'a part of a complex number'));
    return [re, im];
  };
  const pairs = list(modes, 'modes').map((mode) => list(mode, 'a mode').map(complex));
  demand(pairs.length > 0, 'there are no modes');
  return pairs.map(([residue, pole]) => [residue, pole]);
}

function responseOf(modes: readonly Mode[]): Response {
  const text = ([re, im]: Complex) => (im.isZero ? `(${re})` : `(${re} + ${im} i)`);
  return {
    poles: modes.flatMap(([, [re, im]]) => (im.isZero ? [`${re}`] : ['', ''])),
    before: (n) => modeSums(modes, n),
    text: () => modes.map(([residue, pole]) => `${text(residue)} ${text(pole)}^t`).join(' + '),
  };
}

function cycleOf(cycle: unknown): Response {
  const [m, a, r, g] = list(cycle, 'a cycle');
  const period = index(m, LONGEST, 'a period');
  const at = index(a, period, 'a time');
  const [ratio, gain] = [fraction(r, 'a ratio'), fraction(g, 'a gain')];
  function* before(n: number) {
    let [p, scale] = [gain.n, gain.d].map(R.integer);
    const [up, down] = [ratio.n, ratio.d].map((n) => [[0, R.integer(n)]] as const);
    for (let t = 0; t < n; t++) {
      hold(200 + scale.bits / 2);
      yield t % period === at ? { parts: [p, ZERO], scale } : NOTHING;
      [p, scale] = [R.dot([up, [p]]), R.dot([down, [scale]])];
    }
  }
  const residue = gain.abs().div(Fraction.of(period));
  const text =
    `${gain} (${ratio})^t at t = ${at} mod ${period} and 0 elsewhere, which is a sum of powers of the ${period} poles ${ratio} ` +
    `e^(2 pi i j/${period}) with residues of modulus ${residue}`;
  return { poles: new Array(period).fill(''), before, text: () => text };
}

/** sum residue pole^t for t < n, as a complex integer over a scale: one layer of the real and imaginary parts of all terms. */
function* modeSums(modes: readonly Mode[], n: number) {
  const [scale, step] = [0, 1].map((k) => modes.flatMap((mode) => mode[k]).reduce((d, x) => R.lcm(d, x.d), 1n));
  const entry = (column: number, x: Fraction, by: bigint) => [column, R.integer(R.scaled(x, by))] as const;
  const A = modes.flatMap(([, [a, b]], i) => [
    [entry(2 * i, a, step), entry(2 * i + 1, b.neg(), step)],
    [entry(2 * i, b, step), entry(2 * i + 1, a, step)],
  ]);
  const B = modes.flatMap(([residue]) => residue.map((part) => [entry(0, part, scale)]));
  const rows = [0, 1].map((part) => modes.map((_, i) => [2 * i + part, ONE] as const));
  for (const { state, own } of R.impulse({ block: 1, layers: [{ A, B }], scale, step }, n)) {
    hold(200 + own.bits / 2);
    yield { parts: rows.map((row) => R.dot([row, state])), scale: own };
  }
}
