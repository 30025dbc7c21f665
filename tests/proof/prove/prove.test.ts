import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkedStatements } from '../../../src/certificate/statements.js';
import { InputError } from '../../../src/errors.js';
import { Builder } from '../../../src/network/builder.js';
import type { Node } from '../../../src/network/network.js';
import { tensor } from '../../../src/network/tensor.js';
import { parseRational } from '../../../src/numbers/parse.js';
import { Rational } from '../../../src/numbers/rational.js';
import { prove } from '../../../src/proof/prove/prove.js';
import { readModels } from '../../../src/proof/prove/read-models.js';
import type { Model } from '../../../src/proof/question/model.js';
import { parseStatement } from '../../../src/statement/index.js';

const FIXTURES = join(import.meta.dirname, '../../onnx/fixtures/others');

const options = { width: Rational.of(1, 10 ** 6), progress: () => {} };

function run(models: readonly Model[], text: string) {
  return prove(models, new Map([['claim', parseStatement(text)]]), options);
}

/** min(max(x, 0), 1) by two ReLUs. */
function clip(name: string | null = null, bias = -1): Model {
  const b = new Builder();
  const exact = (shape: number[], entries: number[]) =>
    tensor(
      shape,
      entries.map((w) => Rational.of(w)),
    );
  const x = b.input('x', { coordinate: 1 });
  const W = b.constant(exact([1, 2], [1, 1]));
  const h = b.relu(b.affine(x, W, b.constant(exact([2], [0, bias]))));
  const y = b.matmul(h, b.constant(exact([2, 1], [1, -1])));
  return { name, file: 'clip', sha256: '', network: b.network({ y }) };
}

/** A network of one operation on x. */
function single(n: number, of: (b: Builder, x: Node) => Node): Model {
  const b = new Builder();
  return { name: null, file: 'single', sha256: '', network: b.network({ y: of(b, b.input('x', { n })) }) };
}

it.each(['|y| <= -1', '|y| < -1/2', '|y - y| <= -1', '|y - x| <= -1/10', '2*|y| <= -1'])(
  'no modulus is below 0: %s is refuted, and checked',
  (relation) => {
    const [claim] = checkedStatements(
      run([single(1, (b, x) => b.apply('tanh', x))], `for all x in [1, 2]: ${relation}`),
    ).claims;
    expect(claim).toMatchObject({ verdict: 'refuted', checked: true });
  },
);

describe('margins', () => {
  const scores = single(2, (b, x) =>
    b.concat(
      [x, b.reduceSum(x, 0), b.scalar(Rational.of(1, 2))].map((part) => b.reshape(part, { m: part === x ? 2 : 1 })),
      0,
    ),
  );

  it.each([
    // y = (x1, x2, x1 + x2, 1/2) on [1, 2]^2: entry 3 leads x1 by x2, x2 by x1 and 1/2 by x1 + x2 - 1/2, at least 1.
    ['margin(y, 3) >= ?', 'proved', ['1', '1']],
    ['margin(y, 3) >= 1', 'proved', ['1', '1']],
    ['margin(y, 3) > 1', 'refuted', ['1', '1']],
    ['0 <= margin(y, 3)', 'proved', ['1', '1']],
    ['margin(y, 1) <= ?', 'proved', ['-1', '-1']],
  ])('of the least lead of an entry over boxes: %s is %s', (relation, verdict, ends) => {
    const [claim] = checkedStatements(run([scores], `for all x in [1, 2]^2: ${relation}`)).claims;
    expect([claim.verdict, claim.checked]).toEqual([verdict, true]);
    expect(claim.statement).toContain('margin');
    const { lo, hi } = claim.enclosure!;
    const [least, most] = ends.map((end) => parseRational(end));
    expect(lo!.le(least) && most.le(hi!)).toBe(true);
  });
});

describe('conditions that no input satisfies', () => {
  it('leave every bound true, and none the best', () => {
    const [asked] = run([clip()], 'for all x in [0, 1] with x >= 2: y <= ?').claims;
    expect([asked.verdict, asked.enclosure, asked.facts.join()]).toEqual([
      'undecided',
      null,
      'no point satisfies the conditions: every bound holds for all of them, and none is the best',
    ]);
    expect(run([clip()], 'for all x in [0, 1] with x >= 2: y <= -7').verdict).toBe('proved');
  });
});

describe('numbers that no double holds', () => {
  it.each([
    ['y*1e600 <= 1e-600', 'refuted'],
    ['y*1e600 <= 1e600', 'proved'],
  ])('do not make a function undefined: %s is %s', (relation, verdict) => {
    expect(run([clip()], `for all x in [0, 1]: ${relation}`).verdict).toBe(verdict);
  });
});

describe('what has no value, or no formula', () => {
  const root = single(1, (b, x) => b.apply('sqrt', x));
  const inverse = single(1, (b, x) => b.div(b.scalar(Rational.one), x));
  const place = single(2, (b, x) => b.reshape(b.argmax(x, 0), { m: 1 }));

  it.each([
    ['a root of a negative point', root, 'for all x in {-1, 0, 2}: y <= 3', 'is undefined'],
    ['a hyperbolic tangent of inverses', inverse, 'for all x in [-1, 1]: tanh(y) <= 3', 'is undefined at x = 0'],
    ['an output that cancels', inverse, 'for all x in [-1, 1]: -1 <= y - y', 'is undefined at x = 0'],
    ['an output times 0', inverse, 'for all x in [-1, 1]: 0*y + x <= 1', 'is undefined at x = 0'],
    ['the same on a line', inverse, 'for all x in R: |tanh(y)| <= 3', 'is undefined at x = 0'],
    ['a condition without a formula', place, 'for all x in [0, 1]^2 with y >= 1: x[1] <= 1', 'no formula'],
  ])('%s', (_, model, text, found) => {
    const attempt = () => run([model], text);
    expect(attempt).toThrow(InputError);
    expect(attempt).toThrow(found);
  });

  it.each([
    ['a sine of roots', root, 'for all x in [-1, 1]: sin(y) <= 2'],
    ['a sine of roots near the end', root, 'for all x in [-1/1024, 1]: |sin(y)| <= 2'],
    ['what a ReLU hides', root, 'for all x in [-1, 1]: relu(sin(y) - 5) + x <= 3'],
  ])('does not take %s for bounded', (_, model, text) => {
    const soon = { ...options, deadline: Date.now() + 300 };
    expect(prove([model], new Map([['claim', parseStatement(text)]]), soon).verdict).toBe('undecided');
  });

  it.each([
    ['y', 'sum_{i in 1..3}(y[i]) = 1', 'proved'],
    ['out-1:0', 'sum_{i in 1..3}(y[i]) = 1', 'proved'],
    ['out-1:0', '|sum_{i in 1..3}("out-1:0"[i]) - 1| <= 0', 'proved'],
    ['out-1:0', 'sum_{i in 1..2}(y[i]) <= 1/2', 'refuted'],
  ])('knows that a softmax called %s adds up to 1: %s', (name, relation, verdict) => {
    const b = new Builder();
    const network = b.network({ [name]: b.softmax(b.input('x', { n: 3 }), 0) });
    const model: Model = { name: null, file: 'softmax', sha256: '', network };
    expect(run([model], `for all x in [-1, 1]^3: ${relation}`).verdict).toBe(verdict);
  });

  it('takes no input called y for the only output', () => {
    const b = new Builder();
    const network = b.network({ p: b.softmax(b.input('y', { n: 3 }), 0) });
    const model: Model = { name: null, file: 'softmax', sha256: '', network };
    expect(run([model], 'for all y in [0, 1]^3: |sum_{i in 1..3}(y[i]) - 1| <= 0').verdict).toBe('refuted');
  });

  it('leaves time for the second of two best bounds, and for the checker', () => {
    const model = single(4, (b, x) => b.apply('sin', b.mul(b.scalar(Rational.of(40)), b.mul(x, x))));
    const hard = parseStatement('for all x in [-1, 1]^4: ? <= y[1]*y[2]*y[3]*y[4] + x[1]*x[2]*y[3] <= ?');
    const exact = { ...options, width: Rational.of(1, 10 ** 12), deadline: Date.now() + 800 };
    const { claims } = prove([model], new Map([['claim', hard]]), exact);
    expect(claims.map(({ facts }) => facts.some((fact) => fact.includes('time limit')))).toEqual([true, true]);
    expect(claims[0].seconds).toBeLessThan(0.7);
    const start = Date.now();
    const checked = { ...exact, check: true, deadline: start + 1000 };
    prove([model], new Map([['claim', hard]]), checked);
    expect(Date.now() - start).toBeLessThan(950);
  });

  it('compares two networks where what cancels need not have a value', () => {
    const log = (weight: number) => {
      const of = (b: Builder, x: Node) => b.relu(b.mul(b.scalar(Rational.of(weight)), b.apply('log', x)));
      return single(1, of);
    };
    const pair = [2, 0].map((weight, k) => ({ ...log(weight), name: 'ab'[k] }));
    expect(run(pair, 'for all x in [1, 2]: a.y >= b.y').verdict).toBe('proved');
    expect(run(pair, 'for all x in [1, 2]: a.y = b.y').verdict).toBe('refuted');
  });

  it('leaves open what an index is, and the margin of no sequence', () => {
    expect(run([place], 'for all x in [0, 1]^2: y <= 3').verdict).toBe('undecided');
    const pair = single(2, (b, x) => b.add(x, x));
    const never = 'for all x in {0..2}^2 with x[1] = mod(x[1] + 1, 3)';
    expect(run([pair], `${never}: margin(y, 1) >= ?`).claims[0].facts).toEqual([
      'no sequence satisfies the conditions',
    ]);
    expect(run([pair], `${never}: margin(y, 1) >= 5`).verdict).toBe('proved');
  });
});

describe('prove', () => {
  it.each([
    ['for all x in [-10, 10]: y = min(max(x, 0), 1)', 'proved'],
    ['for all x in [-10, 10]: |y - x| <= 10', 'proved'],
    ['for all x in [-10, 10]: |y - x| < 10', 'refuted'],
    ['for all x in [-10, 10]: |y - x| <= 9', 'refuted'],
    ['for all x in [-10, 10]: 0 <= y <= 1', 'proved'],
    ['for all x in [-10, 10]: 0 < y', 'refuted'],
    ['for all x in [-10, 10]: y >= 1/1000000', 'refuted'],
    ['for all x in [-10, 10]: |y| >= 1/1000000', 'refuted'],
    ['for all x in [1, 10]: |y| >= 1', 'proved'],
    ['for all x in [-10, 10]: |y - 1/2| = 1/2', 'refuted'],
    ['for all x in [-10, 10]: ||y|| <= 1/2', 'refuted'],
    ['for all x in [-10, 10]: 2*|y - 1/2| + 1 <= 2', 'proved'],
    ['for all x in [-10, 10]: 2*|y - 1/2| + 1 <= 19/10', 'refuted'],
    ['for all x in [-10, 10]: 3 - 2*|y - 1/2| <= 3', 'proved'],
    ['for all x in [-10, 10]: 3 - 2*|y - 1/2| < 3', 'refuted'],
    ['for all x in [-10, 10] with x >= 1/2: y >= 1/2', 'proved'],
    ['for all x in [-10, 10] with x >= 1/2: y >= 51/100', 'refuted'],
    ['for all x in [-10, 10] with x >= 11: y >= 51/100', 'proved'],
    ['for all x in [-10, 10] with x >= 11: |y| < 0', 'proved'],
    ['for all x in [1/4, 1/4] with y = 1/2: |y| < 0', 'proved'],
    ['for all x in [1/4, 1/4] with y = 1/4: |y| < 0', 'refuted'],
    ["for all x, x' in [-10, 10]: |y(x) - y(x')| <= |x - x'|", 'proved'],
    ["for all x, x' in [-10, 10]: |y(x) - y(x')| <= 9/10*|x - x'|", 'refuted'],
    ["for all x, x' in [-10, 10] with |x - x'| > 0: |y(x) - y(x')|/|x - x'| <= 1", 'proved'],
    ["for all x, x' in [-10, 10] with |x - x'| > 0: |y(x) - y(x')|/|x - x'| <= 9/10", 'refuted'],
    ["for all x, x' in [-10, 10] with x <= x': y(x) <= y(x')", 'proved'],
    ["for all x, x' in [-10, 10] with x <= x': y(x') <= y(x)", 'refuted'],
    ['for all x in {-2..3}: y = relu(x) - relu(x - 1)', 'proved'],
    ['for all x in {-2..3}: y <= 1/2', 'refuted'],
    ['for all x in {1..3} with exp(x)*exp(-x) <= 1: y >= 100', 'undecided'],
    ['for all x in {1..3} with sin(x)^2 + cos(x)^2 = 1: y >= 100', 'undecided'],
    ['for all x in {1..3} with exp(x)*exp(-x) <= 1: y >= 1', 'proved'],
    ['for all x in {1..3} with exp(x) < 2: y >= 100', 'proved'],
    ['for all x in {1..3} with exp(x) < 3: y >= 100', 'refuted'],
    ['for all x in R: y <= 1/2', 'refuted'],
    ['for all x in R: y = min(max(x, 0), 1)', 'proved'],
    ['for all x in R: |y - min(max(x, 0), 1)| <= 0', 'proved'],
    ['for all x in R: 0 <= y <= 1', 'proved'],
    ['for all x in R: |y - x| <= 1000', 'refuted'],
    ['for all x in R: y - x <= 0', 'refuted'],
    ['for all x in R: tanh(y*x) <= 1', 'proved'],
    ["for all x, x' in R: y(x) + tanh(x') <= 100", 'undecided'],
    ['parameters <= 6 and depth <= 1 and max|w| <= 1 and units = 2', 'proved'],
    ['parameters <= 5', 'refuted'],
    ['1/3 < 0.34', 'proved'],
  ])('%s: %s', (text, verdict) => {
    expect(run([clip()], text).verdict).toBe(verdict);
  });

  it('shows an exact point that refutes', () => {
    const [{ witness, enclosure }] = run([clip()], 'for all x in [-10, 10]: |y - x| <= 9').claims;
    expect(enclosure).toEqual({ lo: Rational.of(10), hi: Rational.of(10) });
    expect(witness).toEqual({ x: ['-10'] });
  });

  it.each<[string, number]>([
    ['2*|y - 1/2| + 1 <= ?', 2],
    ['||y - 1/2|| <= ?', 1 / 2],
    ['3 - 2*|y - 1/2| <= ?', 3],
    ['3 - 2*|y - 1/2| >= ?', 2],
    ['|y - 1/2| >= ?', 0],
  ])('asks for the best bound of what holds a size: %s', (relation, value) => {
    const [{ verdict, enclosure }] = run([clip()], `for all x in [-10, 10]: ${relation}`).claims;
    const [lo, hi] = [enclosure!.lo!, enclosure!.hi!].map((end) => Number(end.num) / Number(end.den));
    expect(verdict).toBe('proved');
    expect(lo).toBeLessThanOrEqual(value);
    expect(hi).toBeGreaterThanOrEqual(value);
    expect(hi - lo).toBeLessThanOrEqual(1e-5);
  });

  it('compares two networks', () => {
    const pair = (bias: number) => [clip('a'), clip('b', bias)];
    expect(run(pair(-1), 'for all x in [-3, 3]: a.y = b.y').verdict).toBe('proved');
    const { verdict, claims } = run(pair(-2), 'for all x in [-3, 3]: |a.y - b.y| <= ?');
    expect(verdict).toBe('proved');
    expect(claims[0].enclosure).toEqual({ lo: Rational.one, hi: Rational.one });
    expect(run(pair(-2), 'for all x in [-3, 3]: |a.y - b.y| <= 1/2 and a.parameters = b.parameters').verdict).toBe(
      'refuted',
    );
  });
});

describe('a network of two inputs from a file', () => {
  let models: Model[];
  beforeAll(async () => {
    models = await readModels([join(FIXTURES, 'f2_16.onnx')]);
  });

  it('bounds its error as computed elsewhere', () => {
    const [{ enclosure }] = run(models, 'for all x in [0,1]^2: |y - sin(3*x[1])*exp(-x[2])| <= ?').claims;
    const [lo, hi] = [enclosure!.lo!, enclosure!.hi!];
    expect(lo.le(Rational.of(782402, 10 ** 7)) && Rational.of(782401, 10 ** 7).le(hi)).toBe(true);
    expect(hi.sub(lo).le(Rational.of(1, 10 ** 6))).toBe(true);
  });

  it.each([
    ['an unknown name', 'for all x in [0,1]^2: z <= 1', "column 23 of the statement: unknown name 'z'", 'outputs y'],
    ['an index from 0', 'for all x in [0,1]^2: y <= x[0]', "the index 0 of 'x'", 'entries count from 1'],
    ['an index too large', 'for all x in [0,1]^2: y <= x[3]', "the index 3 of 'x'", '1 to 2'],
    ['a box of another dimension', 'for all x in [0,1]^3: y <= 1', "a set of shape [3] for 'x'", '[0, 1]^2'],
    ['an input that is not there', 'for all u in [0,1]^2: y <= 1', "no input is called 'u'", "'x' of shape [2]"],
    ['an output that is not there', 'for all x in [0,1]^2: y[2] <= 1', 'of the statement', '1'],
    ['an input without a set', 'y <= 1', "no point for the input 'x'", 'for all x in'],
    ['a vector for a number', 'for all x in [0,1]^2: x <= 1', "'x' is not one number", 'x[1]'],
    ['an irrational end', 'for all x in [0,pi]^2: y <= 1', 'pi in the place of a number', 'exact rational'],
    ['a reversed interval', 'for all x in [1,0]^2: y <= 1', 'the interval [1, 0]', 'lo <= hi'],
    [
      'a division by 0',
      'for all x in [0,1]^2: y <= 1/(x[1] - 1/3)',
      'vanishes between x[1] = 0 and x[1] = 1',
      'divisor',
    ],
    ['a division by 0 at a corner', 'for all x in [0,1]^2: |y - 1/x[2]| <= ?', "'1/x[2]' is undefined at x[2] = 0", ''],
    ['a chain with one', 'for all x in [0,1]^2: 0 <= y <= 1/(x[1]*x[2])', 'is undefined at x[1] = 0, x[2] = 0', ''],
    ['a power of 0', 'for all x in [0,1]^2: y + x[1]^-2 >= 0', 'is undefined at x[1] = 0', ''],
    ['a logarithm of 0', 'for all x in [0,1]^2: y <= 9 + x[1]*log(x[1])', 'is undefined at x[1] = 0', ''],
    ['a network that is not there', 'for all x in [0,1]^2: a.y <= 1', "unknown name 'a.y'", 'outputs y'],
    ['a power of a variable', 'for all x in [0,1]^2: y <= 2^x[1]', 'no rational constant', 'exp(y*log(x))'],
    ['a variable that is a function', 'for all x in [0,1]^2: x(x) <= 1', "'x' is a variable", ''],
    ['an entry without brackets', 'for all x in [0,1]^2: y <= x1', "unknown name 'x1'", 'write x[1]'],
    ["Euler's number", 'for all x in [0,1]^2: y <= e^x[1]', 'no rational constant', 'exp(u) for e^u'],
    ['a power as in Python', 'for all x in [0,1]^2: y <= x[1]**2', "column 33 of the statement: '*'", 'write ^'],
    ['a function of a module', 'for all x in [0,1]^2: y <= np.sin(x[1])', "'np.sin'", 'write sin(u)'],
    ['a function of networks', 'for all x in [0,1]^2: y <= sigmoid(y)', "'sigmoid'", 'write 1/(1 + exp(-u))'],
    ['such a function of a term', 'for all x in [0,1]^2: y <= sigmoid(2*y)', "'sigmoid'", 'write 1/(1 + exp(-u))'],
    ['nothing to bound', 'for all x in [0,1]^2: ? <= 3', "'?' beside a bound", 'y <= ?'],
    ['an alternative', 'for all x in [0,1]^2: y <= 1 or y >= 2', "'or'", 'min(y - 1, 2 - y) <= 0'],
    ['a blank in a comparison', 'for all x in [0,1]^2: y < = 1', "'='", 'write <= without a blank'],
    ['an open interval', 'for all x in (0,1)^2: y <= 1', "'0'", 'intervals are closed'],
    ['one point for two', "for all x in [0,1]^2: |y(x) - y(x')| <= 1", "'x'' is no variable", "for all x, x' in"],
    ['a point that exists', 'exists x in [0,1]^2: y <= 1', "'exists'", 'REFUTED'],
    ['no product', 'for all x in [0,1]^2: y <= 3x[1]', "'x'", 'write *'],
    ['argmax of one number', 'for all x in [0,1]^2: argmax(y) = 1', 'argmax of one number', ''],
  ])('%s: %s', (_, text, found, allowed) => {
    const attempt = () => run(models, text);
    expect(attempt).toThrow(InputError);
    expect(attempt).toThrow(found);
    if (allowed) expect(attempt).toThrow(allowed);
  });

  it.each([
    ['a condition keeps the divisor away from 0', 'for all x in [0,1]^2 with x[1] >= 1/2: y <= 9/(x[1] - 1/3)'],
    ['no point of the set makes it vanish', 'for all x in {0,1}^2: y <= 9 + 1/(x[1] - 1/3)'],
    ['it keeps its sign', 'for all x in [0,1]^2: y <= 9/(x[1] + x[2] + 1/3)'],
    ['the root begins at 0', 'for all x in [0,1]^2: y <= 9 + sqrt(x[1])'],
  ])('takes a divisor where %s', (_, text) => {
    expect(run(models, text).verdict).toBe('proved');
  });

  it('asks for the best Lipschitz constant', () => {
    const { verdict, claims } = run([clip()], "for all x, x' in [-10, 10]: |y(x) - y(x')| <= ?*|x - x'|");
    expect(verdict).toBe('proved');
    expect(claims[0].enclosure).toEqual({ lo: Rational.one, hi: Rational.one });
  });

  it('finds the output of a network that hands its input on', () => {
    const b = new Builder();
    const network = b.network({ out: b.input('given', { n: 2 }) });
    const model = { name: null, file: 'identity', sha256: '', network };
    expect(run([model], 'for all x in [0, 1]^2: y[1] = x[1] and y[2] <= 1').verdict).toBe('proved');
  });

  it('names what the ends of an enclosure are of, where the statement does not show it', () => {
    const names = (text: string) => run([clip()], text).claims.map(({ quantity }) => quantity);
    expect(names('depth = 1 and parameters <= 6')).toEqual(['depth - 1', 'parameters']);
    expect(names('for all x in [0, 1]: y = x')).toEqual(['the largest difference']);
    expect(names('for all x in [0, 1]: argmax(y, 2) = 2')).toEqual(['the least margin']);
    expect(names('for all x in [0, 1]: y <= 1')).toEqual([null]);
  });

  it.each<[string, string, number[]]>([
    ['y <= 2*pi', 'proved', [1]],
    ['|y - x| <= exp(-3)', 'proved', [0]],
    ['y < pi/4', 'refuted', [1]],
    ['y >= sqrt(2) - 1', 'refuted', [0]],
    ['-1/pi <= y <= exp(1/10)', 'proved', [0, 1]],
  ])('holds the quantity itself against an irrational number: %s', (relation, verdict, values) => {
    const result = run([clip()], `for all x in [0, 1]: ${relation}`);
    expect(result.verdict).toBe(verdict);
    result.claims.forEach(({ enclosure }, k) => {
      const value = Rational.of(values[k]);
      expect(enclosure!.lo === null || enclosure!.lo.le(value)).toBe(true);
      expect(enclosure!.hi === null || value.le(enclosure!.hi)).toBe(true);
    });
  });
});

/** Attention from each of two tokens to itself and the one before; the mask is what exporters write for -Infinity. */
describe('masks that are finite', () => {
  it.each(['-10000', '-65504', '-1000000000', '-340282346638528859811704183484516925440'])('%s', (mask) => {
    const b = new Builder();
    const x = b.input('x', { T: 2, d: 1 });
    const entries = [Rational.zero, parseRational(mask), Rational.zero, Rational.zero];
    const logits = b.add(b.matmul(x, b.transpose(x, [1, 0])), b.constant(tensor([2, 2], entries)));
    const network = b.network({ y: b.matmul(b.softmax(logits, 1), x) });
    const model = { name: null, file: 'masked', sha256: '', network };
    expect(run([model], 'for all x in [-1, 1]^2: |y[1] - x[1]| <= 10^-12').verdict).toBe('proved');
    expect(run([model], 'for all x in {-1, 0, 1}^2: y[2] <= 1').verdict).toBe('proved');
    expect(run([model], 'for all x in [-1, 1]^2: y[2] <= 9/10').verdict).toBe('refuted');
  });
});

/** As many squares of squares of x. */
function squares(count: number): Model {
  return single(1, (b, x) => Array.from({ length: count }).reduce((y: Node) => b.mul(y, y), x));
}

describe('numbers and formulas that are too large', () => {
  it.each<[string, Model, string, string, string]>([
    ['an exponent of 60 bits', squares(60), 'for all x in [0, 2]: y <= ?', 'undecided', 'is too large to work with'],
    ['44 million digits', squares(25), 'for all x in {0, 1/3, 3/7}: y <= 1', 'proved', ''],
    ['bounds far beyond all doubles', squares(25), 'for all x in {0, 1/3, 3}: y <= 1', 'undecided', ''],
    ['a number without bounds', clip(), 'exp(exp(exp(10))) <= 3', 'undecided', 'without finite bounds'],
    ['such a number at one point', clip(), 'for all x in {10, 0}: exp(exp(exp(x))) <= 3', 'refuted', ''],
  ])('%s', (_, model, text, verdict, why) => {
    const start = process.cpuUsage();
    const result = run([model], text);
    expect([result.verdict, result.claims[0].facts.join()]).toEqual([verdict, expect.stringContaining(why)]);
    expect(process.cpuUsage(start).user).toBeLessThan(4e6);
  });

  it('stays open where the time is over before the weights are written out', () => {
    const b = new Builder();
    const wide = (n: number, m: number) =>
      b.constant(
        tensor(
          [n, m],
          Array.from({ length: n * m }, (_, k) => Rational.of(k % 7, 8)),
        ),
      );
    const x = b.input('x', { n: 64 });
    const network = b.network({
      y: b.matmul(b.relu(b.matmul(b.relu(b.matmul(x, wide(64, 256))), wide(256, 256))), wide(256, 1)),
    });
    const late = { ...options, deadline: Date.now() - 10_000 };
    const statements = new Map([['claim', parseStatement('for all x in [0, 1]^64: y <= 1')]]);
    const { claims } = prove([{ name: null, file: 'wide', sha256: '', network }], statements, late);
    expect(claims[0]).toMatchObject({ verdict: 'undecided', facts: [expect.stringContaining('the time limit ended')] });
  });
});
