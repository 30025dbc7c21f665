import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compile } from '../../src/evaluate/evaluate.js';
import { exact } from '../../src/evaluate/exact.js';
import { intervals } from '../../src/evaluate/intervals.js';
import { Network } from '../../src/network/network.js';
import { type ExactTensor, Tensor } from '../../src/network/tensor.js';
import { type Arithmetic, contains, isGuaranteed, PARTIAL } from '../../src/numbers/arithmetic.js';
import { ballIntervals } from '../../src/numbers/balls.js';
import { fromFloat } from '../../src/numbers/convert.js';
import { doubleIntervals } from '../../src/numbers/doubles.js';
import { Rational } from '../../src/numbers/rational.js';
import { RATIONAL_STEPS, randomNetworks } from '../generators/networks.js';
import { smallRational } from '../generators/numbers.js';
import { inputsOf } from '../generators/rebuild.js';
import { cases, stream } from '../numbers/samples.js';
import { holds, nastyLogits, softmaxAt, softmaxFailures } from './softmax.js';

const D = doubleIntervals;
const ARITHMETICS: readonly [name: string, arithmetic: Arithmetic<never>][] = [
  ['doubles', D as unknown as Arithmetic<never>],
  ['balls', ballIntervals(128) as unknown as Arithmetic<never>],
];

const wholly = (network: Network) => new Network(network.nodes.map((node) => ({ name: node.name, node })));

describe.each(ARITHMETICS)('networks on %s', (_, A: Arithmetic<never>) => {
  const rationalSteps = RATIONAL_STEPS;
  const networks = randomNetworks({ operations: rationalSteps, weights: smallRational, steps: 5 });

  it('contain the exact values of every node at points and at points of boxes', () => {
    const radius = fc.constantFrom(Rational.zero, Rational.of(1, 7), Rational.of(3), Rational.pow2(-60));
    const places = fc.integer({ min: 0, max: 4 }).map((k) => Rational.of(k - 2, 2));
    fc.assert(
      fc.property(
        networks.chain((network) => fc.tuple(fc.constant(wholly(network)), inputsOf(network), radius, fc.func(places))),
        ([network, inputs, r, place]) => {
          const boxes = mapped(inputs, (x) => A.between(x.sub(r), x.add(r)));
          const point = mapped(inputs, (x, k) => x.add(r.mul(place(k))));
          const values = compile(network, exact)(point);
          const enclosures = compile(network, intervals(A))(boxes);
          for (const { name } of network.outputs) {
            const found = enclosures[name].dense(A.zero);
            values[name].dense(Rational.zero).forEach((value, k) => {
              expect(isGuaranteed(A, found[k])).toBe(true);
              expect(contains(A, found[k], value), `${name}[${k}] = ${value}`).toBe(true);
            });
          }
        },
      ),
      { numRuns: cases(80, 4000) },
    );
  });
});

function mapped<S>(inputs: Readonly<Record<string, ExactTensor>>, f: (x: Rational, k: number) => S) {
  let k = 0;
  return Object.fromEntries(
    Object.entries(inputs).map(([name, { shape, data }]) => [
      name,
      new Tensor(
        shape,
        data.map((x) => f(x, k++)),
      ),
    ]),
  );
}

describe.each(ARITHMETICS)('softmax on %s', (_, A: Arithmetic<never>) => {
  const algebra = intervals(A);

  it('contains the value of MPFR at points, for logits of 1e6 and 1e13 too', () => {
    expect(softmaxFailures(A, algebra.softmax, stream(7), cases(100, 2000))).toEqual([]);
  });

  it('contains the values at points of boxes', () => {
    const random = stream(11);
    for (let n = 0; n < cases(40, 600); n++) {
      const logits = nastyLogits(random);
      const widths = logits.map(() => [0, 1e-9, 0.3, 5, 900, 1e6][Math.floor(random() * 6)]);
      const p = algebra.softmax(logits.map((z, i) => A.fromDoubles(z - widths[i], z + widths[i])));
      for (let k = 0; k < 4; k++) {
        const inside = logits.map((z, i) => {
          const place = [-1, 1, random() * 2 - 1][Math.floor(random() * 3)];
          return Math.min(Math.max(z + place * widths[i], z - widths[i]), z + widths[i]);
        });
        softmaxAt(inside).forEach((value, i) => {
          expect(holds(A, p[i], value), `${inside} of ${logits} +- ${widths}, entry ${i}`).toBe(true);
        });
      }
    }
  });

  // Thin balls are symmetric: they lose the square of a radius of at most 2^-10.
  it('is at least as tight as the natural extension, the log-sum-exp and the pairwise form', () => {
    const random = stream(13);
    for (let n = 0; n < cases(200, 5000); n++) {
      const logits = nastyLogits(random).map((z) => z % 1e5);
      const widths = logits.map(() => [1e-6, 0.1, 2, 50, 1200][Math.floor(random() * 5)] * random());
      const z = logits.map((middle, i) => A.fromDoubles(middle - widths[i], middle + widths[i]));
      const p = algebra.softmax(z);
      z.forEach((_, i) => {
        for (const [form, other] of Object.entries(otherForms(A, z, i))) {
          if (!isGuaranteed(A, other)) continue;
          const [ours, theirs] = [A.outer(p[i]), A.outer(other)];
          const slack = (x: number) => (A.precision === 53 ? 1e-12 : 1e-6) * Math.abs(x) + 1e-290;
          expect(ours.lo, `${form} of ${logits} +- ${widths}`).toBeGreaterThanOrEqual(theirs.lo - slack(theirs.lo));
          expect(ours.hi, `${form} of ${logits} +- ${widths}`).toBeLessThanOrEqual(theirs.hi + slack(theirs.hi));
        }
      });
    }
  });

  it('attains its ends: they are the values at two corners of the box', () => {
    const ends = [
      [-1, 2],
      [0, 0.5],
      [-3, -2.75],
    ] as const;
    const p = algebra.softmax(ends.map(([lo, hi]) => A.fromDoubles(lo, hi)));
    ends.forEach((_, i) => {
      const { lo, hi } = A.outer(p[i]);
      const corner = (own: 0 | 1) => softmaxAt(ends.map((end, j) => end[j === i ? own : 1 - own]))[i].toNumber();
      expect(Math.abs(lo - corner(0))).toBeLessThan(4e-16);
      expect(Math.abs(hi - corner(1))).toBeLessThan(4e-16);
    });
  });

  it('keeps tightness where logits are far apart and the box is wide', () => {
    const [first, second] = algebra.softmax([A.fromDoubles(-1000, 0), A.fromDoubles(-1000, -1000)]);
    expect(A.outer(first).lo).toBeCloseTo(0.5, 12);
    expect(A.outer(second).hi).toBeCloseTo(0.5, 12);
  });

  it('stays within [0, 1] for unbounded logits, and passes marks on', () => {
    const unbounded = algebra.softmax([A.entire, A.zero]);
    unbounded.forEach((p) => {
      expect(A.outer(p)).toMatchObject({ lo: 0, hi: 1 });
      expect(isGuaranteed(A, p)).toBe(true);
    });
    const partial = A.marked(A.fromDoubles(0, 1), PARTIAL);
    for (const others of [[], [A.one], [A.entire], [A.fromDoubles(-1e6, 1e6)], [A.empty]]) {
      for (const p of algebra.softmax([partial, ...others])) expect(A.mark(p) & PARTIAL).toBe(PARTIAL);
    }
    for (const p of algebra.softmax([A.empty, A.one])) expect(isGuaranteed(A, p)).toBe(false);
  });

  it('is 1 for one logit and 1/T for equal ones', () => {
    expect(contains(A, algebra.softmax([A.of(Rational.of(10n ** 9n))])[0], Rational.one)).toBe(true);
    const equal = algebra.softmax(Array.from({ length: 8 }, () => A.of(Rational.of(10n ** 13n))));
    for (const p of equal) {
      expect(contains(A, p, Rational.of(1, 8))).toBe(true);
      expect(A.outer(p).hi - A.outer(p).lo).toBeLessThan(1e-15);
    }
  });
});

function otherForms<I>(A: Arithmetic<I>, z: readonly I[], i: number): Record<string, I> {
  const powers = z.map((logit) => A.exp(logit));
  const shift = A.of(fromFloat(z.reduce((top, logit) => Math.max(top, A.outer(logit).hi), Number.NEGATIVE_INFINITY)));
  const shifted = z.map((logit) => A.exp(A.sub(logit, shift)));
  const differences = z.filter((_, j) => j !== i).map((logit) => A.exp(A.sub(logit, z[i])));
  return {
    natural: A.div(powers[i], A.sum(powers)),
    shifted: A.div(shifted[i], A.sum(shifted)),
    'log-sum-exp': A.exp(A.sub(z[i], A.add(shift, A.log(A.sum(shifted))))),
    pairwise: A.div(A.one, A.add(A.one, A.sum(differences))),
  };
}
