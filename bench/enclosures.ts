import { hatInterpolation } from '../constructions/hat-interpolation.js';
import { tensorHat } from '../constructions/tensor-hat.js';
import { domain, unitBox } from '../src/enclose/box.js';
import { readGridInterpolant } from '../src/enclose/grid-interpolant.js';
import { supNormOnPieces } from '../src/enclose/pieces.js';
import { type GridFunction, supNormOnGrid } from '../src/enclose/simplices.js';
import { type Supremum, supremum } from '../src/enclose/supremum.js';
import { nodeExpressions } from '../src/evaluate/expressions.js';
import { fromFloat } from '../src/numbers/convert.js';
import { toDecimal } from '../src/numbers/decimal.js';
import { Rational } from '../src/numbers/rational.js';
import * as E from '../src/symbolic/index.js';
import { median, type Row, show } from './row.js';

/** Two-sided suprema: the gap of the soft minimum, and interpolants on grids against smooth functions. */
export async function rows(): Promise<Row[]> {
  return [...softMinimumGaps(), ...onPieces(), ...onGrids()];
}

function softMinimumGaps(): Row[] {
  return [
    { T: 1000, beta: 1000 },
    { T: 10 ** 6, beta: 10 ** 9 },
  ].map(({ T, beta }) => {
    const gap = E.parseExpression(`${T - 1}*u*exp(-u)/(1 + ${T - 1}*exp(-u))`, ['u']);
    const levels = domain([{ variable: 'u', lo: Rational.zero, hi: Rational.of(beta) }]);
    const relativeWidth = Rational.of(1, 10 ** 9);
    return row(`gap of the soft minimum, T = ${T}, beta = ${beta}, to 1e-9`, 500, () =>
      supremum([gap], levels, { relativeWidth }),
    );
  });
}

const SHARPNESS = [
  { percent: 10, relativeWidth: Rational.of(1, 10) },
  { percent: 1, relativeWidth: Rational.of(1, 100) },
];

function onPieces(): Row[] {
  const f = E.parseExpression('exp(-x)*sin(3*x)', ['x']);
  const { network } = hatInterpolation({ f, a: Rational.zero, b: Rational.one, N: 64 });
  const [p] = nodeExpressions(network, network.outputs[0].node, () => 'x');
  return SHARPNESS.map(({ percent, relativeWidth }) =>
    row(`hat net of 64 pieces against a smooth function, to ${percent} %`, 12, () => {
      return supNormOnPieces(p, f, unitBox(['x']), { relativeWidth })!;
    }),
  );
}

function onGrids(): Row[] {
  return [
    { cells: [64, 64], text: 'exp(-x)*sin(3*y)' },
    { cells: [16, 16, 16], text: 'exp(-x)*sin(3*y)*cos(2*z)' },
  ].flatMap(({ cells, text }) => {
    const variables = ['x', 'y', 'z'].slice(0, cells.length);
    const f = E.parseExpression(text, variables);
    const float = E.toFloat64([f], variables);
    const value = (index: readonly number[]) => fromFloat(float(index.map((k, i) => k / cells[i]))[0]);
    const { network } = tensorHat({ domain: unitBox(variables), cells, value });
    return SHARPNESS.map(({ percent, relativeWidth }) =>
      row(`hat net on ${cells.join(' x ')} cells against a smooth function, to ${percent} %`, 3, () => {
        return supNormOnGrid(readGridInterpolant(network, unitBox(variables)) as GridFunction, f, { relativeWidth });
      }),
    );
  });
}

function row(name: string, runs: number, run: () => Supremum): Row {
  let found: Supremum | undefined;
  const seconds = median(runs, () => {
    found = run();
  });
  const { boxes, hi } = found!;
  const value = `${show(1000 * seconds, 'ms')}, ${boxes} boxes, at most ${hi && toDecimal(hi, 4, 'up')}`;
  return { name, value, measured: { seconds } };
}
