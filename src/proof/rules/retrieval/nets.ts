import type { Domain } from '../../../enclose/box.js';
import { readGridInterpolant } from '../../../enclose/grid-interpolant.js';
import type { Span } from '../../../enclose/interpolation.js';
import { separableSupremum } from '../../../enclose/separable.js';
import { readSeparable, separated } from '../../../enclose/separable-net.js';
import { supNormOnGrid } from '../../../enclose/simplices.js';
import { type Peak, separablePeaks } from '../../../enclose/summands.js';
import { type Stop, type Supremum, supremum } from '../../../enclose/supremum.js';
import { nodeExpressions } from '../../../evaluate/expressions.js';
import type { Network } from '../../../network/network.js';
import { Rational } from '../../../numbers/rational.js';
import type { Component } from '../../../symbolic/composition.js';
import { type Expression, neg, sub, toFloat64 } from '../../../symbolic/index.js';
import { demand, found } from '../../derivation.js';
import { composedBounds } from '../composed-net.js';
import { tensorNamed } from '../tensors.js';

/**
 * Where the net of one function stands and as what it is to be read: a sum of functions of single coordinates, an
 * interpolant on a grid, or a composition, part k of which is held by the k-th of `tensors`. A wrong hint leaves a claim
 * open.
 */
export type NetHint = { readonly name: string } & (
  | { readonly kind: 'hats' | 'grid' }
  | { readonly kind: 'composed'; readonly parts: readonly Component[]; readonly tensors: readonly string[] }
);

/** Points of a box where Psi is least and largest, and where Psi - f and f - Psi are large. */
export interface WorstPoints {
  readonly minimiser: readonly Rational[];
  readonly maximiser: readonly Rational[];
  readonly worstAbove: readonly Rational[];
  readonly worstBelow: readonly Rational[];
}

/** What the weights say of the net Psi of one function f over a box. */
export interface NetBounds {
  expression(): Expression;
  /** Psi near a point, in doubles, for searches. */
  at(point: readonly number[]): number;
  /** Range of Psi. */
  readonly least: Rational;
  readonly most: Rational;
  /** -below <= Psi - f <= above. */
  readonly above: Rational;
  readonly below: Rational;
  /** Where the bounds were found, for searches. */
  readonly points: WorstPoints | null;
  /** Others that are as good. */
  readonly others: WorstPoints | null;
  /** Whether a checker redoes them: it examines a grid region by region. */
  readonly isCheckable: boolean;
  /** The ends between which it shows Psi - f to be: as they are, or wider. */
  readonly shown: Span;
}

/** Bounds of a net from one row [1, d] of inputs, the entries of which are named by the box. Throws Mismatch where there are none. */
export function boundNet(network: Network, net: NetHint, f: Expression, box: Domain, stop: Stop): NetBounds {
  const node = tensorNamed(network, net.name);
  let known: Expression | undefined;
  const expression = () => (known ??= nodeExpressions(network, node, (_, index) => box.variables[index])[0]);
  if (net.kind === 'hats') return separable(network.upTo(node), expression, f, box, stop);
  const { error, range, ...shown } =
    net.kind === 'composed' ? composed(network, net, f, box) : onGrid(network.upTo(node), f, box, stop);
  const own = rangeOf(f, box, stop);
  return {
    ...{ expression, at: inDoubles(expression, box), points: null, others: null, ...shown },
    ...{ above: error.hi, below: error.lo.neg() },
    least: own ? range.lo.max(own.lo.add(error.lo)) : range.lo,
    most: own ? range.hi.min(own.hi.add(error.hi)) : range.hi,
  };
}

type Enclosed = Pick<NetBounds, 'shown' | 'isCheckable'> & { readonly error: Span; readonly range: Span };

function composed(
  network: Network,
  { parts, tensors, name }: NetHint & { readonly kind: 'composed' },
  f: Expression,
  { variables, lo, hi }: Domain,
): Enclosed {
  const sides = variables.map((variable, i) => ({ variable, lo: lo[i], hi: hi[i] }));
  const net = { network, input: network.inputs[0]?.name ?? '', parts, tensor: (k: number) => tensors[k] };
  demand(tensors.length === parts.length && tensors.at(-1) === name, 'the net is not that of its last part');
  const bounds = composedBounds(net, f, sides);
  return { ...bounds, shown: bounds.error, isCheckable: true };
}

function onGrid(network: Network, f: Expression, box: Domain, stop: Stop): Enclosed {
  const grid = found(readGridInterpolant(network, box));
  const { hi } = supNormOnGrid(grid, f, stop);
  demand(hi, 'its error is not bounded');
  const values = gridValues(grid.cells).map(grid.value);
  const range = { lo: values.reduce((a, b) => a.min(b)), hi: values.reduce((a, b) => a.max(b)) };
  const units = (2 * grid.cells.length + 1) * values.length;
  // The more regions, the less time a checker has to come close to the supremum on each.
  const most = units <= MOST_SHARP_UNITS ? hi : hi.mul(LEEWAY);
  const [error, shown] = [hi, most].map((end) => ({ lo: end.neg(), hi: end }));
  return { error, range, shown, isCheckable: units <= MOST_CHECKED_UNITS };
}

const [MOST_SHARP_UNITS, MOST_CHECKED_UNITS] = [512, 4096];
const LEEWAY = Rational.of(3, 2);

function gridValues(cells: readonly number[]): number[][] {
  return cells.reduce<number[][]>(
    (points, n) => Array.from({ length: n + 1 }, (_, k) => points.map((point) => [...point, k])).flat(),
    [[]],
  );
}

function separable(network: Network, expression: () => Expression, f: Expression, box: Domain, stop: Stop): NetBounds {
  const net = readSeparable(network) ?? separated(expression(), box.variables);
  const peaks = net && separablePeaks(net, f, box, stop);
  const { above, below, most, least } = peaks ?? suprema(expression(), f, box, stop);
  demand(above.hi && below.hi && most.hi && least.hi, 'no upper bound was reached');
  const pointsBy = (of: (peak: Supremum | Peak) => readonly Rational[]): WorstPoints => ({
    minimiser: of(least),
    maximiser: of(most),
    worstAbove: of(above),
    worstBelow: of(below),
  });
  return {
    ...{ expression, least: least.hi.neg(), most: most.hi, above: above.hi, below: below.hi },
    ...{ shown: { lo: below.hi.neg(), hi: above.hi }, isCheckable: true },
    at: peaks?.at ?? inDoubles(expression, box),
    points: pointsBy(({ witness }) => witness),
    others: pointsBy((peak) => ('other' in peak ? peak.other : peak.witness)),
  };
}

function suprema(psi: Expression, f: Expression, box: Domain, stop: Stop) {
  return {
    above: separableSupremum(sub(psi, f), box, stop),
    below: separableSupremum(sub(f, psi), box, stop),
    most: separableSupremum(psi, box, stop),
    least: separableSupremum(neg(psi), box, stop),
  };
}

function inDoubles(psi: () => Expression, { variables }: Domain): (point: readonly number[]) => number {
  let floats: ((point: readonly number[]) => number[]) | undefined;
  return (point) => {
    floats ??= toFloat64([psi()], variables);
    return floats(point)[0];
  };
}

const MOST_BOXES = 20_000;

/** An outer range of f. */
function rangeOf(f: Expression, box: Domain, stop: Stop): Span | null {
  const [most, least] = [f, neg(f)].map((e) => supremum([e], box, { ...stop, mostBoxes: MOST_BOXES }).hi);
  return most && least ? { lo: least.neg(), hi: most } : null;
}
