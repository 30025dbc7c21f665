import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { compile } from '../../../src/evaluate/evaluate.js';
import { nodeExpressions } from '../../../src/evaluate/expressions.js';
import { float64 } from '../../../src/evaluate/float64.js';
import { sizes } from '../../../src/network/shape.js';
import { Tensor } from '../../../src/network/tensor.js';
import { approximate, fromFloat } from '../../../src/numbers/convert.js';
import { parseRational } from '../../../src/numbers/parse.js';
import { lehmer } from '../../../src/numbers/random.js';
import { Rational } from '../../../src/numbers/rational.js';
import { decode } from '../../../src/onnx/decode.js';
import { prove } from '../../../src/proof/prove/prove.js';
import { parseStatement } from '../../../src/statement/index.js';
import * as E from '../../../src/symbolic/index.js';

const isNightly = process.env.EXHIBIT_NIGHTLY === '1';
const POINTS = isNightly ? 100_000 : 3000;
const EXACT_POINTS = isNightly ? 2000 : 20;
const MILLIONTH = Rational.of(1, 10 ** 6);

/** Trained by fixtures/make.py: their layers, and what they were trained on. */
const NETS: readonly (readonly [file: string, formula: string])[] = [
  ['relu-1', 'sin(3*x)'],
  ['relu-2', 'x[1]*x[2]'],
  ['relu-3', 'exp(-x[1])*cos(2*x[2]) + x[3]^2/2'],
  ['tanh-2', 'sin(3*x[1])*exp(-x[2])'],
  ['tanh-3', 'exp(-x[1])*cos(2*x[2]) + x[3]^2/2'],
  ['gelu-1', 'sin(3*x)'],
  ['gelu-2', 'x[1]*x[2]'],
  ['attention-2', 'x[1]*x[2]'],
];

describe('the error of a trained network is enclosed to a millionth, and exceeded at no point:', () => {
  test.each(NETS)(
    '%s against %s',
    (file, formula) => {
      const network = decode(readFileSync(join(import.meta.dirname, `fixtures/trained/${file}.onnx`)));
      const [input] = network.network.inputs;
      const [inputs] = sizes(input.shape);
      const statement = parseStatement(`for all x in [-1, 1]^${inputs}: |y - (${formula})| <= ?`);
      const model = { name: null, file, sha256: '', network: network.network };
      const options = { width: MILLIONTH, deadline: Date.now() + 60_000, progress: () => {} };
      const [{ verdict, enclosure, witness }] = prove([model], new Map([['claim', statement]]), options).claims;
      const [lo, hi] = [enclosure!.lo!, enclosure!.hi!];
      expect(verdict).toBe('proved');
      expect(lo.le(hi) && hi.sub(lo).le(hi.mul(MILLIONTH))).toBe(true);

      const names = Array.from({ length: inputs }, (_, i) => `x_${i}`);
      const written = formula.replace(/x\[(\d)\]/g, (_, i) => names[i - 1]).replace(/\bx\b/g, names[0]);
      const [value] = nodeExpressions(network.network, network.network.outputs[0].node);
      const error = E.sub(value, E.parseExpression(written, names));
      const run = compile(network.network, float64);
      const f = E.toFloat64([E.parseExpression(written, names)], names);
      const random = lehmer(20261129);
      const place = (witness!.x as string[]).map((text) => approximate(parseRational(text)));
      // Every other point lies near the witness, where errors come close to the bound.
      const points = Array.from({ length: POINTS }, (_, k) => {
        const size = k % 2 === 0 ? 1 : 2 ** -(k % 24);
        return place.map((x) => Math.min(1, Math.max(-1, (size === 1 ? 0 : x) + size * (2 * random() - 1))));
      });
      const top = approximate(hi);
      let most = 0;
      for (const point of points) {
        const [y] = run({ x: new Tensor([inputs], point) })[network.network.outputs[0].name].dense(0);
        most = Math.max(most, Math.abs(y - f(point)[0]));
      }
      // Doubles are off by less than a millionth of a millionth here.
      expect(most).toBeLessThanOrEqual(top + 1e-12);
      for (const point of points.slice(0, EXACT_POINTS)) {
        const ends = E.valueBounds(error, new Map(names.map((name, i) => [name, fromFloat(point[i])])));
        expect(ends.lo.le(hi) && hi.neg().le(ends.hi)).toBe(true);
      }
      if (isNightly) console.info(`${file}: in [${approximate(lo)}, ${top}], at ${POINTS} points at most ${most}`);
    },
    isNightly ? 900_000 : 180_000,
  );
});
