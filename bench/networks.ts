import { readFileSync } from 'node:fs';
import { domain, unitBox } from '../src/enclose/box.js';
import { encloseTerms } from '../src/enclose/linear/network.js';
import { type Supremum, supNorm } from '../src/enclose/supremum.js';
import { outputFormula } from '../src/evaluate/formula.js';
import { Builder } from '../src/network/builder.js';
import type { Network } from '../src/network/network.js';
import { sizes } from '../src/network/shape.js';
import { tensor } from '../src/network/tensor.js';
import { fromFloat } from '../src/numbers/convert.js';
import { lehmer } from '../src/numbers/random.js';
import { Rational } from '../src/numbers/rational.js';
import { decode } from '../src/onnx/decode.js';
import { PACKAGE } from '../src/root.js';
import * as E from '../src/symbolic/index.js';
import { measure, type Row, timeRow } from './row.js';

/** Networks that were trained to be these functions of x[1], x[2], ..., as PyTorch writes them. */
const TRAINED = [
  { file: 'sin1', layers: '1-16-16-1', text: 'sin(2*pi*x1)' },
  { file: 'f2_16', layers: '2-16-16-1', text: 'sin(3*x1)*exp(-x2)' },
  { file: 'f2_64', layers: '2-64-64-1', text: 'sin(3*x1)*exp(-x2)' },
  { file: 'f3_32', layers: '3-32-32-1', text: 'x1*x2*x3' },
];
const RUNS = 5;
const PATIENCE = 5000;
const PART_IN_A_MILLION = Rational.of(1, 10 ** 6);
const PERCENT = Rational.of(1, 100);

/**
 * sup |N - f| on the unit box from both sides, on linear relaxations and on interval extensions as a ratio; and the ranges of
 * deep networks.
 */
export async function rows(): Promise<Row[]> {
  return [...TRAINED.map(trained), fourInputs(), ...deep()];
}

function trained({ file, layers, text }: (typeof TRAINED)[number]): Row {
  const { network } = decode(readFileSync(new URL(`tests/onnx/fixtures/others/${file}.onnx`, PACKAGE)));
  const variables = names(Number(layers[0]));
  const f = E.parseExpression(text, variables);
  const box = unitBox(variables);
  const { row, seconds } = errorRow(`trained net of ${layers} against ${text}, to 1e-6`, network, f, PART_IN_A_MILLION);
  const u = E.sub(outputFormula(network, network.outputs[0].name, variables.map(E.variable)), f);
  let found: Supremum | undefined;
  const intervals = measure(1, () => {
    found = supNorm(u, box, { relativeWidth: PART_IN_A_MILLION, deadline: Date.now() + PATIENCE });
  });
  const ratio = `${found!.stopped === 'time' ? 'more than ' : ''}${Math.round(intervals.median / seconds)}`;
  return { ...row, value: `${row.value}; intervals: ${ratio} times that` };
}

function fourInputs(): Row {
  const text = 'sin(x1 + x2)*x3 + abs(x4)';
  const f = E.parseExpression(text, names(4));
  return errorRow(`net of 4-32-1 against ${text}, to 1 %`, random([4, 32, 1]), f, PERCENT).row;
}

function errorRow(name: string, network: Network, f: E.Expression, relativeWidth: Rational) {
  const { name: output } = network.outputs[0];
  const variables = names(sizes(network.inputs[0].shape)[0]);
  const terms = [
    { network, output, factor: Rational.one },
    { formula: f, factor: Rational.of(-1) },
  ];
  let found: Supremum | undefined;
  const seconds = measure(RUNS, () => {
    found = encloseTerms(terms, unitBox(variables), 'size', { relativeWidth });
  });
  return { row: timeRow(name, seconds, { words: [`${found!.boxes} boxes`] }), seconds: seconds.median };
}

/** The largest value of six layers of ReLUs, in the shape of collision avoidance's networks (ACAS Xu) and for one input. */
function deep(): Row[] {
  return [
    { inputs: 5, width: 50, reach: Rational.of(1, 20) },
    { inputs: 1, width: 10, reach: Rational.one },
  ].map(({ inputs, width, reach }) => {
    const network = random([inputs, ...Array.from({ length: 6 }, () => width), 1]);
    const terms = [{ network, output: 'y', factor: Rational.one }];
    const box = domain(names(inputs).map((variable) => ({ variable, lo: Rational.zero, hi: reach })));
    let found: Supremum | undefined;
    const seconds = measure(RUNS, () => {
      found = encloseTerms(terms, box, 'value', { relativeWidth: PART_IN_A_MILLION });
    });
    const { lo, hi, boxes } = found!;
    const accuracy = hi?.equals(lo) ? 'exactly' : 'to 1e-6';
    const name = `largest value of a net of ${inputs} inputs and 6 layers of ${width} on [0, ${reach}]^${inputs}, ${accuracy}`;
    return timeRow(name, seconds, { words: [`${boxes} boxes`] });
  });
}

function names(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `x${i + 1}`);
}

/** Weights as PyTorch draws them, uniform within 1/sqrt(inputs), in float32. */
function random(widths: readonly number[]): Network {
  const draw = lehmer(1);
  const b = new Builder();
  let x = b.input('x', { d: widths[0] });
  for (let k = 1; k < widths.length; k++) {
    const [n, m] = [widths[k - 1], widths[k]];
    const weights = (length: number) =>
      Array.from({ length }, () => fromFloat(Math.fround((2 * draw() - 1) / Math.sqrt(n))));
    const layer = b.affine(x, b.constant(tensor([n, m], weights(n * m))), b.constant(tensor([m], weights(m))));
    x = k < widths.length - 1 ? b.relu(layer) : layer;
  }
  return b.network({ y: x });
}
