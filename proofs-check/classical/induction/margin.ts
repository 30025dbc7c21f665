import {
  ballIntervals,
  linearMap,
  type Network,
  Rational,
  readCopyingHead,
  readMatchingHead,
  type Step,
} from '../../../src/index.js';

/**
 * The margin of the right answer, from what is read off the weights.
 *
 * Layer 1 leaves at most eta = n e^{-gap} of a row's mass off token i - 1, so <query(q), u_i> differs from <query(q),
 * c_{sigma_{i-1}}> by at most delta = eta times the spread of <query(q), .> over all codes and 0. In layer 2 the right
 * token is at least D above all others, D the smaller of (least step of the bias) - 2 delta, against earlier matches, and
 * (least match - nonmatch) - 2 delta - (range of the bias), against the rest: mass mu = n e^{-D} goes astray. Scores are
 * S_{a,s} for the symbol a of a token (0 for the start token), so
 *   y_a - y_s >= (1 - mu) min (S_aa - S_as) - mu max |S_ba - S_bs|.
 */
export interface Margin {
  readonly steps: readonly Step[];
  /** y_a - max_{s != a} y_s for the right symbol a; null when a step failed. */
  readonly margin: Rational | null;
  /** mu. */
  readonly stray: Rational;
  /** Largest |score| where the last symbol is new. */
  readonly absent: Rational;
}

type Matrix = readonly (readonly Rational[])[];
const BITS = 128;

/** Two claims rest on the same proof. */
const known = new WeakMap<Network, Margin>();

export function proveMargin(network: Network, n: number): Margin {
  const found = known.get(network) ?? readMargin(network, n);
  known.set(network, found);
  return found;
}

function readMargin(network: Network, n: number): Margin {
  const steps: Step[] = [];
  const fail = (id: string, difference: string): Margin => ({
    steps: [...steps, { id, rule: 'copying-head', statement: id, verdict: 'undecided', enclosure: null, difference }],
    margin: null,
    stray: Rational.one,
    absent: Rational.one,
  });
  const add = (id: string, statement: string, lo: Rational | null, hi: Rational | null) =>
    steps.push({ id, rule: 'copying-head', statement, verdict: 'proved', enclosure: { lo, hi } });

  const first = readCopyingHead(network, 'x', 'before', (i) => (i + n) % (n + 1));
  if (typeof first === 'string') return fail('layer1', first);
  const eta = exponential(first.gap, n);
  add('layer1', `every token attends to the one before it, up to a mass of n e^-gap`, first.gap, null);
  const second = readMatchingHead(network, 'x', 'before', 'answer');
  if (typeof second === 'string') return fail('layer2', second);
  const [answer, y] = [network.find('answer')!, network.outputs.find(({ name }) => name === 'y')!.node];
  const unembedding = linearMap(answer, y);
  if (typeof unembedding === 'string') return fail('scores', unembedding);

  const match = products(second.query, transposed(first.codes));
  const delta = eta.mul(spread(match));
  add('noise', 'what the mass that went astray in layer 1 does to a logit of layer 2', null, delta);
  const twice = delta.add(delta);
  const late = leastStep(second.bias).sub(twice);
  const right = separation(match, true).sub(twice).sub(range(second.bias));
  add('latest', 'a later match is above an earlier one', late, null);
  add('match', 'a match is above the rest', right, null);
  const D = late.min(right);
  const mu = D.sign() > 0 ? exponential(D, n).min(Rational.one) : Rational.one;
  add('stray', 'mass that goes astray in layer 2', null, mu);
  const S = products(second.codes, unembedding);
  const margin = Rational.one
    .sub(mu)
    .mul(separation(S, false))
    .sub(mu.mul(widest(S)));
  add('margin', 'the right score against all others', margin, null);
  const largest = S.flat().reduce((most, entry) => most.max(entry.abs()), Rational.zero);
  return { steps, margin, stray: mu, absent: mu.mul(largest) };
}

/** n e^{-x}, rounded up. */
function exponential(x: Rational, n: number): Rational {
  const A = ballIntervals(BITS);
  return A.upper(A.mul(A.of(Rational.of(n)), A.exp(A.of(x.neg()))))!;
}

function products(a: Matrix, b: Matrix): Rational[][] {
  return a.map((row) =>
    b[0].map((_, j) => row.reduce((total, entry, k) => total.add(entry.mul(b[k][j])), Rational.zero)),
  );
}

function transposed(a: Matrix): Matrix {
  return a[0].map((_, j) => a.map((row) => row[j]));
}

/** Entries of a row may be off by the largest difference within it and 0. */
function spread(rows: Matrix): Rational {
  return rows.reduce((most, row) => {
    const all = [...row, Rational.zero];
    return most.max(all.reduce((a, b) => a.max(b)).sub(all.reduce((a, b) => a.min(b))));
  }, Rational.zero);
}

/** The least by which the diagonal entry is above the others of its row, and above 0 for the start token. */
function separation(rows: Matrix, withStart: boolean): Rational {
  const gaps = rows.flatMap((row, a) => {
    const others = row.filter((_, s) => s !== a);
    return [...others, ...(withStart ? [Rational.zero] : [])].map((entry) => row[a].sub(entry));
  });
  return gaps.reduce((a, b) => a.min(b));
}

function widest(rows: Matrix): Rational {
  return rows.reduce((most, row) => most.max(range(row)), Rational.zero);
}

function range(row: readonly Rational[]): Rational {
  return row.reduce((a, b) => a.max(b)).sub(row.reduce((a, b) => a.min(b)));
}

function leastStep(bias: readonly Rational[]): Rational {
  return bias.slice(1).reduce((least, entry, j) => least.min(entry.sub(bias[j])), bias[1].sub(bias[0]));
}
