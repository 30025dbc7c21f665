import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Atoms } from '../../src/checker/atoms.js';
import { allow } from '../../src/checker/budget.js';
import { BUDGET, checkCertificate } from '../../src/checker/check.js';
import { evaluate } from '../../src/checker/evaluate.js';
import { Unfinished } from '../../src/checker/failure.js';
import { ZERO } from '../../src/checker/forms.js';
import { BITS } from '../../src/checker/interval.js';
import { LinearBounds } from '../../src/checker/linear-bounds.js';
import { readNetwork } from '../../src/checker/network.js';
import { boundedOutputs } from '../../src/evaluate/point.js';
import { canonicalForm } from '../../src/network/canonical.js';
import { Network } from '../../src/network/network.js';
import { sizes } from '../../src/network/shape.js';
import { sizeOf, Tensor } from '../../src/network/tensor.js';
import { Rational } from '../../src/numbers/rational.js';
import { byHand, direct, type HandNode, networkOf } from '../generators/certificates-by-hand.js';
import { CONTINUOUS_STEPS, randomNetworks } from '../generators/networks.js';

/** y[1] = relu(x[1]), y[2] = relu(x[2]), of the input x of two numbers. */
const positive: HandNode[] = [
  { op: 'input', shape: [2], name: 'x' },
  { op: 'relu', inputs: [0], shape: [2] },
];
/** y = x[1]*x[2]. */
const product: HandNode[] = [
  { op: 'input', shape: [2], name: 'x' },
  { op: 'gather', inputs: [0], shape: [1], axis: 0, indices: [0] },
  { op: 'gather', inputs: [0], shape: [1], axis: 0, indices: [1] },
  { op: 'mul', inputs: [1, 2], shape: [1] },
];
/** y = 1/x. */
const inverse: HandNode[] = [
  { op: 'input', shape: [1], name: 'x' },
  { op: 'constant', shape: [1], dense: ['1'] },
  { op: 'div', inputs: [1, 0], shape: [1] },
];
/** y = 0*(1/x). */
const nothing: HandNode[] = [
  ...inverse,
  { op: 'constant', shape: [1], dense: ['0'] },
  { op: 'mul', inputs: [2, 3], shape: [1] },
];
/** y = softmax(x)[1]. */
const share: HandNode[] = [
  { op: 'input', shape: [2], name: 'x' },
  { op: 'softmax', inputs: [0], shape: [2], axis: 0 },
  { op: 'gather', inputs: [1], shape: [1], axis: 0, indices: [0] },
];

/** y = 3 pi, of the input pi. */
const circle: HandNode[] = [
  { op: 'input', shape: [1], name: 'pi' },
  { op: 'constant', shape: [1], dense: ['3'] },
  { op: 'mul', inputs: [0, 1], shape: [1] },
];

type Method = 'boxes' | 'cells' | 'slopes';

function verdict(nodes: readonly HandNode[] | string, text: string, method: Method = 'boxes', budget = BUDGET): string {
  const claim = {
    id: 's',
    conclusion: { kind: 'statement', text },
    steps: [{ rule: 'statement-bounds', data: { text, method } }],
  };
  const { certificate, network } = byHand(nodes, [claim]);
  return checkCertificate(certificate, network, budget).claims[0].verdict;
}

type Case = readonly [nodes: readonly HandNode[], text: string, method: Method];

const TRUE: readonly Case[] = [
  [positive, 'for all x in [-1, 1]^2: y[1] <= 1 and y[2] >= 0', 'boxes'],
  [positive, 'for all x in [-1, 1]^2: 0 <= y[1] <= 1', 'boxes'],
  [positive, 'for all x in [-1, 1]^2: y[1] < 1001/1000', 'boxes'],
  [positive, 'for all x in [-1, 1]^2 with x[1] <= -1/10: y[1] = 0', 'boxes'],
  [positive, 'for all x in [-1, 1]^2 with x[1] <= x[2] - 1/10: y[1] - y[2] <= 1/100', 'boxes'],
  [positive, 'for all x in [0, 1]^2: y[1] = x[1]', 'cells'],
  [positive, 'for all x in [-1, 1]^2: y[1] = max(x[1], 0)', 'boxes'],
  [positive, 'for all x in R^2: y[1] = (|x[1]| + x[1])/2', 'boxes'],
  [positive, 'for all x in {-2..2}^2 with x[1] = x[2]: y[1] = y[2]', 'boxes'],
  [positive, 'for all x in {-2..2} x [0, 1]: y[1] - x[1] >= 0', 'boxes'],
  [positive, "for all x, x' in [-1, 1]^2: |y(x)[1] - y(x')[1]| <= max_{i in 1..2}(|x[i] - x'[i]|)", 'slopes'],
  [positive, "for all x, x' in [-1, 1]^2 with x[1] <= x'[1] and x[2] = x'[2]: y(x)[1] <= y(x')[1]", 'slopes'],
  [positive, "for all x, x' in [0, 1]^2: y(x)[1] + y(x')[2] <= 2", 'boxes'],
  [product, 'for all x in [0, 1]^2: y <= 1', 'cells'],
  [product, 'for all x in [0, 1]^2: |y - x[1]*x[2]| <= 0', 'boxes'],
  [product, 'for all x in [-1, 1]^2: |y - (x[1]^2 + x[2]^2)/2| <= 2', 'cells'],
  [product, 'for all x in [0, 1]^2: y <= 1001/1000', 'boxes'],
  // Where two kinks meet, hulls of slopes sum to 2; on each cell they sum to 1.
  [
    positive,
    "for all x, x' in [-1, 1]^2: |max(y(x)[1], y(x)[2]) - max(y(x')[1], y(x')[2])| <= max_{i in 1..2}(|x[i] - x'[i]|)",
    'slopes',
  ],
  [product, "for all x, x' in [0, 1]^2: |y(x) - y(x')| <= 201/100*max_{i in 1..2}(|x[i] - x'[i]|)", 'slopes'],
  [product, "for all x, x' in [0, 1]^2: |y(x) - y(x')| <= 101/100*sum_{i in 1..2}(|x[i] - x'[i]|)", 'slopes'],
  [inverse, 'for all x in [1, 2]: 49/100 <= y <= 101/100', 'boxes'],
  [inverse, 'for all x in [1, 2]: y = 1/x', 'boxes'],
  [inverse, "for all x, x' in [1, 2]: |y(x) - y(x')| <= 101/100*|x - x'|", 'slopes'],
  [nothing, 'for all x in [1, 2]: y = 0', 'boxes'],
  [share, 'for all x in [0, 1]^2: y <= 3/4', 'boxes'],
  [share, 'for all x in [0, 1]^2: |y - softmax(x)[1]| <= 0', 'boxes'],
  [share, "for all x, x' in [0, 1]^2: |y(x) - y(x')| <= 51/100*max_{i in 1..2}(|x[i] - x'[i]|)", 'slopes'],
  [
    share,
    'for all x in {0..3}^2 with x[1] >= x[2]: y >= 49/100 and |y - exp(x[1])/(exp(x[1]) + exp(x[2]))| <= 1/10^30',
    'boxes',
  ],
  [inverse, "for all x, x' in [1, 2] with |x - x'| > 0: |y(x) - y(x')|/|x - x'| <= 101/100", 'slopes'],
  [share, 'for all x in [0, 1]^2: |erf(y) - erf(softmax(x[1], x[2])[1])| <= 0 and erf(1) <= 8428/10000', 'boxes'],
  [share, '|sin(1)^2 + cos(1)^2 - 1| <= 1/10^12 and pi < 355/113', 'boxes'],
];

/** Each says more than is so. */
const FALSE: readonly Case[] = [
  [positive, 'for all x in [-1, 1]^2: y[1] < 1', 'boxes'],
  [positive, 'for all x in [-1, 1]^2: y[1] <= 999/1000', 'boxes'],
  [positive, 'for all x in [-1, 1]^2: y[1] > 0', 'boxes'],
  [positive, 'for all x in [-1, 1]^2 with x[1] <= 1/10: y[1] = 0', 'boxes'],
  [positive, 'for all x in [-1, 1]^2 with x[1] <= x[2] + 1/10: y[1] <= y[2]', 'boxes'],
  [positive, 'for all x in [-1, 1]^2: y[1] = x[1]', 'cells'],
  [positive, 'for all x in R^2: y[1] <= 100', 'boxes'],
  [positive, 'for all x in {-2..2}^2: y[1] = y[2]', 'boxes'],
  [positive, 'for all x in {-2..2} x [0, 1]: y[1] <= 1', 'boxes'],
  [positive, "for all x, x' in [-1, 1]^2: |y(x)[1] - y(x')[1]| <= 99/100*max_{i in 1..2}(|x[i] - x'[i]|)", 'slopes'],
  [positive, "for all x, x' in [-1, 1]^2: |y(x)[1] - y(x')[2]| <= 2*max_{i in 1..2}(|x[i] - x'[i]|)", 'slopes'],
  [positive, "for all x, x' in [-1, 1]^2 with x[1] >= x'[1] and x[2] = x'[2]: y(x)[1] <= y(x')[1]", 'slopes'],
  [positive, "for all x, x' in [-1, 1]^2 with x[2] <= x'[2]: y(x)[1] <= y(x')[1]", 'slopes'],
  [positive, "for all x in [-1, 1]^2, x' in [-1, 2]^2: |y(x)[1] - y(x')[1]| <= 0*|x[1] - x'[1]|", 'slopes'],
  [positive, "for all x, x' in [0, 1]^2: y(x)[1] + y(x')[2] <= 1", 'boxes'],
  [product, 'for all x in [0, 1]^2: y <= 999/1000', 'cells'],
  [product, 'for all x in [0, 1]^2: y < 1', 'cells'],
  [
    positive,
    "for all x, x' in [-1, 1]^2: |max(y(x)[1], y(x)[2]) - max(y(x')[1], y(x')[2])| <= 999999/1000000*max_{i in 1..2}(|x[i] - x'[i]|)",
    'slopes',
  ],
  [product, "for all x, x' in [0, 1]^2: |y(x) - y(x')| <= 199/100*max_{i in 1..2}(|x[i] - x'[i]|)", 'slopes'],
  [product, "for all x, x' in [0, 1]^2: |y(x)*y(x') - y(x)^2| <= 9*max_{i in 1..2}(|x[i] - x'[i]|)", 'slopes'],
  [inverse, 'for all x in [0, 2]: y = 1/x', 'boxes'],
  [inverse, 'for all x in [-1, 1]: -relu(y) <= 0', 'boxes'],
  [inverse, "for all x, x' in [-1, 1]: |y(x) - y(x')| <= 101/100*|x - x'|", 'slopes'],
  [inverse, "for all x, x' in [1, 2] with |x - x'| > 0: |y(x) - y(x')|/|x - x'| <= 99/100", 'slopes'],
  // Values of x' that are the numbers of symbols of other entries.
  [share, "for all x in [0, 1]^2, x' in {0..1}^2 with x'[1] = 0 and x'[2] = 1: y(x) = y(x')", 'boxes'],
  [share, "for all x in [0, 1]^2, x' in {2..3}^2 with x'[1] = 2 and x'[2] = 3: y(x) = y(x')", 'boxes'],
  [inverse, "for all x, x' in [1, 2] with x - x' > 0: |y(x) - y(x')|/|x - x'| <= 101/100", 'slopes'],
  [share, 'erf(1) <= 8427/10000', 'boxes'],
  [nothing, 'for all x in [-1, 1]: y = 0', 'boxes'],
  [nothing, 'for all x in {-1..1}: y = 0', 'boxes'],
  [nothing, 'for all x in [-1, 1]: y + |x| <= 1', 'cells'],
  [positive, 'for all x in [-1, 1]^2: x[1]/x[2] - x[1]/x[2] <= 0', 'boxes'],
  [positive, 'for all x in [-1, 1]^2: 0*log(x[1]) <= 0', 'boxes'],
  [share, 'for all x in [0, 1]^2: y <= 73/100', 'boxes'],
  [share, "for all x, x' in [0, 1]^2: |y(x) - y(x')| <= 49/100*max_{i in 1..2}(|x[i] - x'[i]|)", 'slopes'],
  [share, 'pi < 333/106', 'boxes'],
  // The input, or an index, where the number is read; and an index of another alphabet beside the x that it looks like.
  [circle, 'for all pi in [0, 1]: y <= pi', 'boxes'],
  [circle, 'for all pi in [0, 1]: y <= max_{pi in 0..0}(pi)', 'boxes'],
  [inverse, 'for all x in [1, 2]: y <= max_{\u0445 in 0..0}(x)', 'boxes'],
];

/** Ends hopeless searches early. */
const LITTLE = { ...BUDGET, work: 6_000_000 };

describe('a sentence', () => {
  it.each(TRUE.map(([nodes, text, method]) => ({ nodes, text, method })))(
    '$text is verified',
    ({ nodes, text, method }) => {
      expect(verdict(nodes, text, method), text).toBe('verified');
    },
  );

  it.each(FALSE.map(([nodes, text, method]) => ({ nodes, text, method })))(
    '$text is not',
    ({ nodes, text, method }) => {
      for (const one of [method, 'boxes', 'cells'] as const) {
        expect(verdict(nodes, text, one, LITTLE), text).not.toBe('verified');
      }
    },
  );

  it('is rejected where a counterexample is met', () => {
    expect(verdict(positive, 'for all x in [-1, 1]^2: y[1] <= 1/8')).toBe('rejected');
    expect(verdict(positive, 'for all x in {0..1}^2: y[1] <= 1/8')).toBe('rejected');
  });

  it('that is none is not verified', () => {
    for (const text of [
      ...['', 'y', 'for all x in [0, 1]^2', 'for all x in [0, 1]^2: y', 'for all x in [1, 0]^2: y[1] <= 1'],
      ...['for all x in [0, 1]^3: y[1] <= 9', 'for all x in [0, 1]^2: y <= 9', 'for all x in [0, 1]^2: y[3] <= 9'],
      ...['for all x, x in [0, 1]^2: 0 <= 1', 'for all z in [0, 1]^2: 0 <= 1', '0 <= 1 and', '0 <= 1)', '0 < = 1'],
      ...["for all x, x' in [0, 1]^2: y[1] <= 9", `${'('.repeat(200)}0${')'.repeat(200)} <= 1`, 'sin(1, 2) <= 9'],
    ]) {
      expect(verdict(positive, text), text).not.toBe('verified');
    }
  });

  it('takes no input called y for the only output', () => {
    const called = (name: string) =>
      networkOf([{ ...positive[0], name }, positive[1]]).replace('"y","node":1', '"p","node":1');
    const text = 'for all x in [-1, 1]^2: y[1] >= 0';
    expect([verdict(called('x'), text), verdict(called('y'), text)]).toEqual(['verified', 'unfinished']);
  });

  it('about names or functions that the checker does not know is left open', () => {
    for (const text of [
      'for all x in {0..3}^2: mod(x[1], 2) <= 1',
      'parameters <= 9',
      'for all x in [0, 1]^2: h <= 1',
      'for all x in R^2: y[1] >= 0',
    ]) {
      expect(verdict(positive, text), text).toBe('unfinished');
    }
  });
});

describe('an instance of a sentence', () => {
  const instance = (text: string, point: object, holds: boolean) =>
    byHandVerdict(positive, direct('s', 'instance', 'instance', { text, point, holds }));
  const byHandVerdict = (nodes: readonly HandNode[], claim: ReturnType<typeof direct>) => {
    const { certificate, network } = byHand(nodes, [claim]);
    return checkCertificate(certificate, network).claims[0].verdict;
  };
  const text = 'for all x in [-1, 1]^2 with x[1] <= x[2]: y[1] <= 1/2';

  it('is verified where it is one', () => {
    expect(instance(text, { x: ['3/4', '1'] }, false)).toBe('verified');
    expect(instance(text, { x: ['1/4', '1'] }, true)).toBe('verified');
    expect(instance('for all x in {0..3}^2: y[1] = x[1]', { x: ['2', '3'] }, true)).toBe('verified');
  });

  it('is rejected where it is none', () => {
    expect(instance(text, { x: ['1/4', '1'] }, false)).toBe('rejected');
    expect(instance(text, { x: ['3/4', '1'] }, true)).toBe('rejected');
    expect(instance(text, { x: ['3/4', '1/2'] }, false)).toBe('rejected');
    expect(instance(text, { x: ['3/4', '2'] }, false)).toBe('rejected');
    expect(instance(text, { x: ['3/4'] }, false)).toBe('rejected');
    expect(instance(text, { z: ['3/4', '1'] }, false)).toBe('rejected');
    expect(instance('for all x in {0..3}^2: y[1] = x[2]', { x: ['1/2', '1'] }, false)).toBe('rejected');
  });
});

describe('bounds over boxes', () => {
  const operations = CONTINUOUS_STEPS;
  const runs = process.env.EXHIBIT_NIGHTLY ? 5000 : 150;

  it('hold for random networks at random points, and those of derivatives for difference quotients', () => {
    let [compared, slopes] = [0, 0];
    fc.assert(
      fc.property(randomNetworks({ operations, steps: 10 }), fc.gen(), (drawn, random) => {
        const network = new Network([{ name: 'out', node: drawn.outputs[0].node }]);
        const dyadic = () => random(fc.integer, { min: -64, max: 64 }) / 32;
        const found = bounded(network, dyadic);
        if (!found) return;
        const { lines, box, names, output } = found;
        const at = (share: () => number) => box.lo.map((lo, i) => lo + (box.hi[i] - lo) * share());
        for (let n = 0; n < 4; n++) {
          const point = at(() => random(fc.integer, { min: 0, max: 4 }) / 4);
          const values = valuesAt(network, names, point);
          if (!values) continue;
          values.forEach(({ lo, hi }, k) => {
            const [most, least] = [lines.above(k, box), -lines.aboveNegative(k, box)];
            if (Number.isNaN(most) || Number.isNaN(least)) return;
            compared += 1;
            expect(lo.compare(rational(most)), `${output} ${k} at ${point}`).toBeLessThanOrEqual(0);
            expect(rational(least).compare(hi), `${output} ${k} at ${point}`).toBeLessThanOrEqual(0);
          });
          const i = random(fc.integer, { min: 0, max: names.length - 1 });
          const other = point.with(
            i,
            box.lo[i] + (box.hi[i] - box.lo[i]) * (random(fc.integer, { min: 0, max: 8 }) / 8),
          );
          const others = other[i] === point[i] ? null : valuesAt(network, names, other);
          others?.forEach(({ lo, hi }, k) => {
            const slope = lines.slopes(k)?.[i];
            if (!slope) return;
            const [least, most] = [slope.lo, slope.hi].map((end) => Rational.of(end, 1n << BITS));
            slopes += 1;
            const step = rational(other[i]).sub(rational(point[i]));
            const rise = [lo.sub(values[k].hi).div(step), hi.sub(values[k].lo).div(step)];
            const [low, high] = step.sign() > 0 ? rise : rise.reverse();
            expect(low.compare(most), `slope ${k} by ${names[i]}`).toBeLessThanOrEqual(0);
            expect(least.compare(high), `slope ${k} by ${names[i]}`).toBeLessThanOrEqual(0);
          });
        }
      }),
      { numRuns: runs },
    );
    expect(compared).toBeGreaterThan(4 * runs);
    expect(slopes).toBeGreaterThan(runs);
  });
});

/** The first output of a network over a random box, in the checker's hands; null where it knows no value of it. */
function bounded(network: Network, dyadic: () => number) {
  allow({ work: 1e9, memory: 1e9 });
  const own = readNetwork([...canonicalForm(network)].join(''), '');
  const atoms = new Atoms(true);
  const inputs = own.nodes.flatMap((node, k) => (node.op === 'input' ? [[k, node] as const] : []));
  const names = inputs.flatMap(([k, { shape }]) => Array.from({ length: sizeOf(shape) }, (_, i) => `${k}.${i}`));
  const given = new Map(
    inputs.map(([k, { shape }]) => {
      const entries = Array.from({ length: sizeOf(shape) }, (_, i) => [i, atoms.input(`${k}.${i}`)] as const);
      return [k, { shape, entries: new Map(entries) }];
    }),
  );
  const [output, node] = [...own.outputs][0];
  if (names.length === 0) return null;
  try {
    const { shape, entries } = evaluate(own, atoms, given, [node])[0];
    const forms = Array.from({ length: sizeOf(shape) }, (_, k) => entries.get(k) ?? ZERO);
    const lines = new LinearBounds(atoms, names, forms);
    const ends = names.map(() => [dyadic(), dyadic()].sort((a, b) => a - b));
    const box = { lo: Float64Array.from(ends, ([lo]) => lo), hi: Float64Array.from(ends, ([, hi]) => hi) };
    lines.enter(box);
    return { lines, box, names, output };
  } catch (error) {
    if (error instanceof Unfinished) return null;
    throw error;
  }
}

function valuesAt(network: Network, names: readonly string[], point: Float64Array) {
  let from = 0;
  const inputs = network.nodes.flatMap((node) => {
    if (node.op !== 'input') return [];
    const shape = sizes(node.shape);
    const data = Array.from({ length: sizeOf(shape) }, (_, k) => rational(point[from + k]));
    from += data.length;
    return [[(node.attributes as { name: string }).name, new Tensor(shape, data)] as const];
  });
  expect(from).toBe(names.length);
  try {
    const found = boundedOutputs(network, Object.fromEntries(inputs), ({ lo, hi }) => hi.sub(lo).le(FINE));
    return found[network.outputs[0].name].dense({ lo: Rational.zero, hi: Rational.zero });
  } catch {
    return null;
  }
}

const FINE = Rational.pow2(-100);

/** A double, exactly. */
function rational(x: number): Rational {
  let [n, k] = [x, 0];
  while (!Number.isInteger(n)) [n, k] = [n * 2, k + 1];
  return Rational.of(BigInt(n)).mul(Rational.pow2(-k));
}
