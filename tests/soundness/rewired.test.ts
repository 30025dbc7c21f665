import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors.js';
import { UnsupportedOperation } from '../../src/evaluate/algebra.js';
import { compile } from '../../src/evaluate/evaluate.js';
import { exact } from '../../src/evaluate/exact.js';
import type { Network } from '../../src/network/network.js';
import { sizes } from '../../src/network/shape.js';
import { Tensor } from '../../src/network/tensor.js';
import { Rational } from '../../src/numbers/rational.js';
import { audited } from '../generators/audits.js';
import { rewired } from '../generators/rewired.js';
import { NIGHTLY, share } from '../generators/thinned.js';

type Point = readonly Rational[];

interface Case {
  readonly id: string;
  readonly params: readonly string[];
  /** Every entry of an input lies in [0, 1] scaled and shifted into this range. */
  readonly range: readonly [number, number];
  readonly target: (x: Point) => Rational;
}

const q = (num: number, den = 1) => Rational.of(num, den);
const least = (x: Point) => x.reduce((a, b) => a.min(b));

const CASES: readonly Case[] = [
  { id: 'hat-interpolation', params: ['f=x^2', 'a=-1', 'b=2', 'N=3'], range: [-1, 2], target: ([x]) => x.mul(x) },
  { id: 'relu-product', params: ['N=3', 'U=2'], range: [-1, 1], target: ([x, y]) => x.mul(y) },
  { id: 'relu-product', params: ['m=2'], range: [-1, 1], target: ([x, y]) => x.mul(y) },
  { id: 'threshold-min', params: ['S=3', 'M=2'], range: [0, 1], target: least },
  { id: 'relu-min-tree', params: ['S=4'], range: [-2, 2], target: least },
  { id: 'mcshane-extension', params: ['F=z1*z2', 'D=2', 'N=2'], range: [0, 1], target: ([x, y]) => x.mul(y) },
  { id: 'yarotsky-square', params: ['m=3'], range: [0, 1], target: ([x]) => x.mul(x) },
  {
    id: 'single-head-memorization',
    params: ['T=3', 'd=1', 'eps=1/4', 'features=[x1]', 'positions=["1..2"]', 'readout=z1', 'N=2'],
    range: [0, 1],
    target: ([x, y]) => x.min(y),
  },
];

const MUTANTS = NIGHTLY ? share(400) : 12;
const POINTS = 40;

/** The largest error at drawn points, many of them with entries at the ends and in the middle. */
function worstError(network: Network, { range: [lo, hi], target }: Case): Rational {
  const [{ attributes, shape }] = network.inputs;
  const lengths = sizes(shape);
  const evaluate = compile(network, exact);
  const twelfths = fc.integer({ min: 0, max: 12 }).map((k) => q(k, 12));
  const entry = fc.oneof(fc.constantFrom(q(0), q(1), q(1, 2)), twelfths).map((u) => q(lo).add(q(hi - lo).mul(u)));
  const size = lengths.reduce((a, b) => a * b, 1);
  const points = fc.sample(fc.array(entry, { minLength: size, maxLength: size }), { numRuns: POINTS, seed: 1 });
  return points.reduce((most, x) => {
    const y = evaluate({ [attributes.name]: new Tensor(lengths, x) }).y.dense(Rational.zero)[0];
    return most.max(y.sub(target(x)).abs());
  }, Rational.zero);
}

describe.each(CASES)('$id $params, rewired', (example) => {
  it('claims nothing that a point contradicts', async () => {
    const { built } = await audited(example.id, example.params);
    let different = 0;
    const verdictOf = async (network: Network) => {
      try {
        return (await audited(example.id, example.params, { change: () => network })).claim('error');
      } catch (error) {
        if (error instanceof InputError) return null;
        throw error;
      }
    };
    await fc.assert(
      fc.asyncProperty(fc.gen(), async (random) => {
        const network = rewired(built, random);
        fc.pre(network !== null);
        const found = await verdictOf(network);
        if (!found) return;
        const worst = attempt(() => worstError(network, example));
        if (!worst) return;
        if (found.enclosure?.hi) expect(worst.le(found.enclosure.hi)).toBe(true);
        if (found.predicted?.lt(worst)) {
          different += 1;
          expect(found.verdict).not.toBe('proved');
        }
      }),
      { numRuns: MUTANTS, maxSkipsPerRun: 1000, ...(NIGHTLY ? {} : { seed: 1 }) },
    );
    expect(different).toBeGreaterThan(0);
  });
});

/** Null for a network that is not rational. */
function attempt(value: () => Rational): Rational | null {
  try {
    return value();
  } catch (error) {
    if (error instanceof UnsupportedOperation) return null;
    throw error;
  }
}
