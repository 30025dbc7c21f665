import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { InputError } from '../../../src/errors.js';
import { Builder } from '../../../src/network/builder.js';
import { tensor } from '../../../src/network/tensor.js';
import { parseRational } from '../../../src/numbers/parse.js';
import { lehmer } from '../../../src/numbers/random.js';
import { Rational } from '../../../src/numbers/rational.js';
import { prove } from '../../../src/proof/prove/prove.js';

import { readProperty, vnnlibAnswer } from '../../../src/proof/prove/vnnlib.js';
import type { Model } from '../../../src/proof/question/model.js';

const folder = mkdtempSync(join(tmpdir(), 'vnnlib-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const options = { width: Rational.of(1, 10 ** 6), progress: () => {} };

function answer(model: Model, text: string): string {
  const file = join(folder, 'property.vnnlib');
  writeFileSync(file, text);
  const query = readProperty(file, model);
  return vnnlibAnswer(query, prove([model], new Map(query.statements.map((s, k) => [`p${k}`, s])), options));
}

/** c_1 relu(a_1 x_(1) + b_1) + ..., each unit with one of the inputs. */
interface Unit {
  readonly input: number;
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

function modelOf(inputs: number, units: readonly Unit[]): Model {
  const b = new Builder();
  const exact = (shape: number[], entries: number[]) =>
    b.constant(
      tensor(
        shape,
        entries.map((w) => Rational.of(w)),
      ),
    );
  const weights = Array.from({ length: inputs }, (_, i) => units.map((unit) => (unit.input === i ? unit.a : 0)));
  const h = b.relu(
    b.affine(
      b.input('x', { coordinate: inputs }),
      exact([inputs, units.length], weights.flat()),
      exact(
        [units.length],
        units.map((unit) => unit.b),
      ),
    ),
  );
  const out = exact(
    [units.length, 2],
    units.flatMap(({ c }) => [c, -c]),
  );
  return { name: null, file: 'net', sha256: '', network: b.network({ y: b.matmul(h, out) }) };
}

/** The network's first output, as a sum of functions of one number each, in exact arithmetic. */
function part(units: readonly Unit[], input: number, x: Rational): Rational {
  return units
    .filter((unit) => unit.input === input)
    .reduce((total, { a, b, c }) => {
      const z = Rational.of(a).mul(x).add(Rational.of(b));
      return z.sign() > 0 ? total.add(z.mul(Rational.of(c))) : total;
    }, Rational.zero);
}

/** Its extremes over [-1, 1]^inputs: at ends and knots, input by input. */
function extremes(units: readonly Unit[], inputs: number): { least: Rational; most: Rational } {
  let [least, most] = [Rational.zero, Rational.zero];
  for (let i = 0; i < inputs; i++) {
    const knots = units
      .filter(({ input, a }) => input === i && a !== 0)
      .map(({ a, b }) => Rational.of(-b, a))
      .filter((x) => x.abs().le(Rational.one));
    const values = [Rational.of(-1), Rational.one, ...knots].map((x) => part(units, i, x));
    least = least.add(values.reduce((a, b) => a.min(b)));
    most = most.add(values.reduce((a, b) => a.max(b)));
  }
  return { least, most };
}

describe('VNN-LIB', () => {
  it('answers a hundred random properties with known answers', () => {
    const random = lehmer(7);
    const whole = (from: number, to: number) => from + Math.floor(random() * (to - from + 1));
    const decimal = (x: Rational) =>
      `${x.sign() < 0 ? '(- ' : ''}(/ ${x.abs().num}.0 ${x.den}.0)${x.sign() < 0 ? ')' : ''}`;
    let unknown = 0;
    for (let k = 0; k < 100; k++) {
      const inputs = whole(1, 5);
      const units = Array.from({ length: whole(2, 8) }, () => ({
        input: whole(0, inputs - 1),
        a: whole(-4, 4),
        b: whole(-3, 3),
        c: whole(-3, 3),
      }));
      const model = modelOf(inputs, units);
      const { least, most } = extremes(units, inputs);
      const gap = Rational.of(whole(-20, 20), 100);
      const [low, high] = [
        least.add(gap.isZero() ? Rational.of(-1, 7) : gap),
        most.add(Rational.of(whole(1, 30), 100)),
      ];
      const isTwo = k % 2 === 1;
      const names = Array.from({ length: inputs }, (_, i) => (isTwo ? `X[0,${i}]` : `X_${i}`));
      const [first, second] = isTwo ? ['Y[0,0]', 'Y[0,1]'] : ['Y_0', 'Y_1'];
      const declarations = isTwo
        ? `(vnnlib-version <2.0>)\n(declare-network f (declare-input X Real [1,${inputs}]) (declare-output Y Real [1,2]))`
        : [...names, first, second].map((name) => `(declare-const ${name} Real)`).join('\n');
      const box = names.map((name) => `(assert (>= ${name} -1.0))\n(assert (<= ${name} 1.0))`).join('\n');
      const above = k % 4 < 2 ? `(>= ${first} ${decimal(high)})` : `(<= (+ ${second} ${decimal(high)}) 0)`;
      const condition = `(assert (or (and (<= ${first} ${decimal(low)}) (<= ${first} 100000)) ${above}))`;
      const [found, ...lines] = answer(model, `; property ${k}\n${declarations}\n${box}\n${condition}\n`).split('\n');
      const truth = least.le(low) ? 'sat' : 'unsat';
      if (found === 'unknown') unknown += 1;
      else expect(`${k}: ${found}`).toBe(`${k}: ${truth}`);
      if (found !== 'sat') continue;
      const point = new Map(
        [...lines.join(' ').matchAll(/\((\w+(?:\[[\d,]*\])?) (-?[\d.e-]+)\)/g)].map(([, name, x]) => [
          name,
          parseRational(x),
        ]),
      );
      const value = names.reduce((total, name, i) => total.add(part(units, i, point.get(name)!)), Rational.zero);
      expect(names.every((name) => point.get(name)!.abs().le(Rational.one))).toBe(true);
      expect(value.le(low) || high.le(value)).toBe(true);
    }
    expect(unknown).toBe(0);
  });

  it('takes disjunctions of boxes, and equal ends', () => {
    const model = modelOf(1, [{ input: 0, a: 1, b: 0, c: 1 }]);
    const head = '(declare-const X_0 Real)(declare-const Y_0 Real)(declare-const Y_1 Real)';
    const boxes = '(assert (or (and (>= X_0 0) (<= X_0 1)) (and (>= X_0 3) (<= X_0 4))))';
    expect(answer(model, `${head}${boxes}(assert (>= Y_0 2))`)).toMatch(/^sat\n\(\(X_0 [34]/);
    expect(answer(model, `${head}${boxes}(assert (and (>= Y_0 1.5) (<= Y_0 2.5)))`)).toBe('unsat\n');
    expect(answer(model, `${head}(assert (>= X_0 5))(assert (<= X_0 2))(assert (>= Y_0 2))`)).toBe('unsat\n');
  });

  const REFUSED: readonly (readonly [text: string, message: string])[] = [
    ['(assert (>= X_0 0)', "'(' that is not closed"],
    ['(assert (>= X_0 0)))', "')' too many"],
    ['(assert (>= Z_0 0))', "unknown name 'Z_0'"],
    ['(assert (>= X_0 0))(assert (>= Y_0 0))', 'no upper bound of the input X_0'],
    ['(assert (xor (>= X_0 0) (>= Y_0 0)))', 'and, or, or a comparison'],
    ['(assert (>= X_0))', 'a comparison of two terms'],
    ['(assert (>= (exp X_0) 0))', '+ - * /'],
    ['(declare-const X_0 Real)', 'no assertion'],
    [
      '(vnnlib-version <2.0>)(declare-network f (declare-input X Real [3]) (declare-output Y Real [2]))(assert (>= X[0] 0))',
      'X of shape [3]',
    ],
    ['('.repeat(100_000), 'nesting deeper'],
    ['(assert (<= X_0 1))'.repeat(100_001), '100001 assertions; allowed: at most 100000'],
  ];

  it.each(REFUSED.map(([text, message]) => [text.slice(0, 100), text, message]))('refuses %j', (_, text, message) => {
    const attempt = () => answer(modelOf(1, [{ input: 0, a: 1, b: 0, c: 1 }]), text);
    expect(attempt).toThrow(InputError);
    expect(attempt).toThrow(message);
  });
});
