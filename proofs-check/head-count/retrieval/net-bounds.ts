import { partTensor } from '../../../constructions/composed-net.js';
import type { FunctionNet } from '../../../constructions/function-net.js';
import { readTensorHatRow } from '../../../constructions/tensor-hat.js';
import {
  type Domain,
  type Expression,
  type Network,
  neg,
  nodeExpressions,
  proveAffineIdentity,
  proveComposedNet,
  type Rational,
  type Span,
  type StatedTensor,
  type Step,
  type Stop,
  separableSupremum,
  stepOf,
  sub,
  supNormOnGrid,
  supremum,
} from '../../../src/index.js';
import { type WorstPoints, worstPoints } from './worst-points.js';

/** What is proved of the net Psi of one function f over a box. */
export interface NetBounds extends WorstPoints {
  readonly expression: Expression;
  /** Range of Psi. */
  readonly least: Rational;
  readonly most: Rational;
  /** -below <= Psi - f <= above. */
  readonly above: Rational;
  readonly below: Rational;
}

/** A net in a network from one row [1, d] of inputs, which are named as the variables of f. */
export interface NetPlace {
  readonly network: Network;
  /** The tensor [1, 1] or [1] of the net's value, and the names of its tensors. */
  readonly name: string;
  readonly net: FunctionNet;
}

export interface NetProof {
  /** Why there are no bounds; empty where the expression alone was enclosed. */
  readonly steps: readonly Step[];
  readonly bounds: NetBounds | null;
}

/** Bounds by the method that fits the kind of the net; its weights are read off the network. */
export function boundNet({ network, name, net }: NetPlace, f: Expression, box: Domain, stop: Stop): NetProof {
  const node = network.find(name);
  if (!node) return failed(name, `the network has no tensor named '${name}'`);
  const [expression] = nodeExpressions(network, node, (_, index) => box.variables[index]);
  if (net.kind === 'hats') return { steps: [], bounds: separable(expression, f, box, stop) };
  const found = net.kind === 'composed' ? composed(network, name, net, f, box) : onGrid(network, name, f, box, stop);
  if (!('error' in found)) return { steps: [found], bounds: null };
  const { error, range, step } = found;
  const own = rangeOf(f, box, stop);
  const least = own ? range.lo.max(own.lo.add(error.lo)) : range.lo;
  const most = own ? range.hi.min(own.hi.add(error.hi)) : range.hi;
  const points = worstPoints(expression, f, box);
  return { steps: [step], bounds: { expression, least, most, above: error.hi, below: error.lo.neg(), ...points } };
}

interface Enclosed {
  readonly step: Step;
  readonly error: Span;
  readonly range: Span;
}

function composed(
  network: Network,
  name: string,
  { plan: { parts } }: Extract<FunctionNet, { kind: 'composed' }>,
  f: Expression,
  { variables, lo, hi }: Domain,
): Enclosed | Step {
  const sides = variables.map((variable, i) => ({ variable, lo: lo[i], hi: hi[i] }));
  const input = network.inputs[0]?.name ?? '';
  const net = { network, input, parts, tensor: (k: number) => partTensor(name, k, parts.length) };
  const { step, found } = proveComposedNet(net, f, sides, `${name}.net`, `'${name}' is composed as f is`);
  return found ? { step, ...found } : step;
}

function onGrid(network: Network, name: string, f: Expression, box: Domain, stop: Stop): Enclosed | Step {
  const step = { id: `${name}.net`, rule: 'grid-interpolant', statement: `'${name}' interpolates on a grid` };
  const part = network.upTo(network.find(name)!);
  const grid = readTensorHatRow(part, box.variables, name);
  if (!grid) return { ...step, verdict: 'undecided', enclosure: null, difference: 'it is no such interpolant' };
  const covers = box.variables.every((_, i) => grid.domain.lo[i].le(box.lo[i]) && box.hi[i].le(grid.domain.hi[i]));
  const { lo, hi } = supNormOnGrid(grid, f, stop);
  if (!covers || !hi) return { ...step, verdict: 'undecided', enclosure: null, difference: 'its error is not bounded' };
  const values = gridValues(grid.cells).map(grid.value);
  const range = { lo: values.reduce((a, b) => a.min(b)), hi: values.reduce((a, b) => a.max(b)) };
  return { step: { ...step, verdict: 'proved', enclosure: { lo, hi } }, error: { lo: hi.neg(), hi }, range };
}

function gridValues(cells: readonly number[]): number[][] {
  return cells.reduce<number[][]>(
    (points, n) => Array.from({ length: n + 1 }, (_, k) => points.map((point) => [...point, k])).flat(),
    [[]],
  );
}

function separable(psi: Expression, f: Expression, box: Domain, stop: Stop): NetBounds | null {
  const above = separableSupremum(sub(psi, f), box, stop);
  const below = separableSupremum(sub(f, psi), box, stop);
  const most = separableSupremum(psi, box, stop);
  const least = separableSupremum(neg(psi), box, stop);
  if (!above.hi || !below.hi || !most.hi || !least.hi) return null;
  return {
    expression: psi,
    least: least.hi.neg(),
    most: most.hi,
    above: above.hi,
    below: below.hi,
    minimiser: least.witness,
    maximiser: most.witness,
    worstAbove: above.witness,
    worstBelow: below.witness,
  };
}

const MOST_BOXES = 20_000;

/** An outer range of f. */
function rangeOf(f: Expression, box: Domain, stop: Stop): Span | null {
  const [most, least] = [f, neg(f)].map((e) => supremum([e], box, { ...stop, mostBoxes: MOST_BOXES }).hi);
  return most && least ? { lo: least.neg(), hi: most } : null;
}

function failed(name: string, difference: string): NetProof {
  const step = { id: `${name}.net`, rule: 'token-wise', statement: `the net '${name}'` };
  return { steps: [{ ...step, verdict: 'undecided', enclosure: null, difference }], bounds: null };
}

/** The entries of a tensor are the values of the nets of these names, in their order. */
export function proveEntries(network: Network, to: string, names: readonly string[]): Step {
  const statement = `the entries of '${to}' are ${names.join(', ')}`;
  const nodes = names.flatMap((name) => network.find(name) ?? []);
  const target = network.find(to);
  if (nodes.length < names.length || !target) {
    const difference = 'a tensor is missing';
    return {
      id: `${to}.entries`,
      rule: 'affine-identity',
      statement,
      verdict: 'undecided',
      enclosure: null,
      difference,
    };
  }
  const stated: StatedTensor = {
    shape: names.length === 1 ? [] : [1, names.length],
    entry: (k, input) => input(names[k], 0),
  };
  return stepOf(proveAffineIdentity(network, to, stated, { id: `${to}.entries`, statement, from: nodes }));
}
