import { describe, expect, test } from 'vitest';
import { compile } from '../../../src/evaluate/evaluate.js';
import { float64 } from '../../../src/evaluate/float64.js';
import { gelu } from '../../../src/network/activations.js';
import { Builder } from '../../../src/network/builder.js';
import type { Network, Node } from '../../../src/network/network.js';
import { Tensor } from '../../../src/network/tensor.js';
import { lehmer } from '../../../src/numbers/random.js';
import { Rational } from '../../../src/numbers/rational.js';
import { prove } from '../../../src/proof/prove/prove.js';
import { parseStatement } from '../../../src/statement/index.js';
import * as E from '../../../src/symbolic/index.js';

const isNightly = process.env.EXHIBIT_NIGHTLY === '1';
const POINTS = isNightly ? 100_000 : 300;
const NETS = isNightly ? 24 : 4;

const ACTIVATIONS: readonly ((b: Builder, x: Node) => Node)[] = [
  (b, x) => b.relu(x),
  (b, x) => b.apply('tanh', x),
  (b, x) => gelu(b, x),
];
const FORMULAS = ['sin(3*x1)', 'x1^2/2 + 1/4', 'exp(-x1)*cos(x1)', 'tanh(x1)'];

/** Random weights k/64, about as large as those of trained networks; with attention over the inputs every fourth time. */
function randomNetwork(seed: number, inputs: number): Network {
  const random = lehmer(seed);
  const weights = (b: Builder, shape: readonly number[]) =>
    b.constant(
      new Tensor(
        shape,
        Array.from({ length: shape.reduce((a, c) => a * c, 1) }, () =>
          Rational.of(Math.floor(random() * 129) - 64, 64),
        ),
      ),
    );
  const b = new Builder();
  const x = b.input('x', { n: inputs });
  const act = ACTIVATIONS[seed % 3];
  const hidden = act(b, b.affine(x, weights(b, [inputs, 6]), weights(b, [6])));
  const mixed =
    seed % 4 === 3
      ? b.mul(b.softmax(b.affine(hidden, weights(b, [6, 6]), null), 0), hidden)
      : act(b, b.affine(hidden, weights(b, [6, 6]), weights(b, [6])));
  return b.network({ y: b.affine(mixed, weights(b, [6, 1]), weights(b, [1])) });
}

describe('what is proved of networks against formulas holds at points', () => {
  test.each(Array.from({ length: NETS }, (_, k) => k + 1))(
    'network %i',
    (seed) => {
      const inputs = 1 + (seed % 3);
      const network = randomNetwork(seed, inputs);
      const formula = FORMULAS[seed % FORMULAS.length];
      const target = formula.replaceAll('x1', inputs === 1 ? 'x' : 'x[1]');
      const statement = parseStatement(`for all x in [-1, 1]^${inputs}: |y - (${target})| <= ?`);
      const model = { name: null, file: 'random', sha256: '', network };
      const options = {
        width: Rational.of(1, 1000),
        deadline: Date.now() + (isNightly ? 20_000 : 2000),
        progress: () => {},
      };
      const [{ enclosure }] = prove([model], new Map([['claim', statement]]), options).claims;
      const hi = Number(enclosure!.hi!.num) / Number(enclosure!.hi!.den);
      const lo = Number(enclosure!.lo!.num) / Number(enclosure!.lo!.den);
      expect(lo).toBeLessThanOrEqual(hi);
      const run = compile(network, float64);
      const f = E.toFloat64([E.parseExpression(formula, ['x1'])], ['x1']);
      const random = lehmer(seed + 1000);
      let most = 0;
      for (let k = 0; k < POINTS; k++) {
        const point = Array.from({ length: inputs }, () => Math.floor(random() * 2049) / 1024 - 1);
        const [value] = run({ x: new Tensor([inputs], point) }).y.dense(0);
        most = Math.max(most, Math.abs(value - f([point[0]])[0]));
      }
      // Doubles are off by less than a millionth of a millionth here.
      expect(most).toBeLessThanOrEqual(hi + 1e-12);
      if (isNightly) console.info(`network ${seed}: in [${lo}, ${hi}], at ${POINTS} points at most ${most}`);
    },
    120_000,
  );
});
