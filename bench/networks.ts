import { unitBox } from '../src/enclose/box.js';
import { encloseTerms } from '../src/enclose/linear/network.js';
import { type Supremum, supNorm } from '../src/enclose/supremum.js';
import { outputFormula } from '../src/evaluate/formula.js';
import { Builder } from '../src/network/builder.js';
import type { Network } from '../src/network/network.js';
import { tensor } from '../src/network/tensor.js';
import { fromFloat } from '../src/numbers/convert.js';
import { lehmer } from '../src/numbers/random.js';
import { Rational } from '../src/numbers/rational.js';
import * as E from '../src/symbolic/index.js';
import { measure, type Row, showSeconds } from './row.js';

const CASES = [
  { sizes: [1, 16, 16, 1], text: 'sin(2*pi*x)' },
  { sizes: [2, 16, 16, 1], text: 'sin(3*x)*exp(-y)' },
  { sizes: [2, 64, 64, 1], text: 'sin(3*x)*exp(-y)' },
  { sizes: [3, 32, 32, 1], text: 'x*y*z' },
];
const RUNS = 5;
const PATIENCE = 5000;

/** |N - f| on the unit box to 1e-6 from both sides: on linear relaxations, and on interval extensions as a ratio. */
export async function rows(): Promise<Row[]> {
  return CASES.map(({ sizes, text }) => {
    const variables = ['x', 'y', 'z'].slice(0, sizes[0]);
    const network = random(sizes);
    const f = E.parseExpression(text, variables);
    const terms = [
      { network, output: 'y', factor: Rational.one },
      { formula: f, factor: Rational.of(-1) },
    ];
    const box = unitBox(variables);
    const relativeWidth = Rational.of(1, 10 ** 6);
    let found: Supremum | undefined;
    const lines = measure(RUNS, () => {
      found = encloseTerms(terms, box, 'size', { relativeWidth });
    });
    const { boxes } = found!;
    const u = E.sub(outputFormula(network, 'y', variables.map(E.variable)), f);
    const intervals = measure(1, () => {
      found = supNorm(u, box, { relativeWidth, deadline: Date.now() + PATIENCE });
    });
    const ratio = `${found!.stopped === 'time' ? 'more than ' : ''}${Math.round(intervals.median / lines.median)}`;
    const value = `${showSeconds(lines)}, ${boxes} boxes; intervals: ${ratio} times that`;
    return { name: `net of ${sizes.join('-')} against ${text}, to 1e-6`, value };
  });
}

/** Weights as PyTorch draws them, uniform within 1/sqrt(inputs), in float32. */
function random(sizes: readonly number[]): Network {
  const draw = lehmer(1);
  const b = new Builder();
  let x = b.input('x', { d: sizes[0] });
  for (let k = 1; k < sizes.length; k++) {
    const [n, m] = [sizes[k - 1], sizes[k]];
    const weights = (length: number) =>
      Array.from({ length }, () => fromFloat(Math.fround((2 * draw() - 1) / Math.sqrt(n))));
    const layer = b.affine(x, b.constant(tensor([n, m], weights(n * m))), b.constant(tensor([m], weights(m))));
    x = k < sizes.length - 1 ? b.relu(layer) : layer;
  }
  return b.network({ y: x });
}
