import { curveOn } from '../evaluate/piecewise-linear.js';
import { ridges } from '../evaluate/ridges.js';
import type { Network } from '../network/network.js';
import { sizes } from '../network/shape.js';
import { sizeOf } from '../network/tensor.js';
import { Rational } from '../numbers/rational.js';
import * as E from '../symbolic/index.js';

/** A constant plus a piecewise linear function of each coordinate. */
export interface SeparableNet {
  readonly constant: Rational;
  /** The function of one coordinate on [lo, hi], lo < hi, by its corners; undefined where it is not piecewise linear. */
  curve(coordinate: number, lo: Rational, hi: Rational): readonly E.Knot[] | undefined;
}

/**
 * The one output of a network as a sum of functions of single entries of its one input, read off a layer of ReLUs that see one entry
 * each, without an expression of all units. Null for other networks.
 */
export function readSeparable(network: Network): SeparableNet | null {
  const [[input, ...others], [{ node }]] = [network.inputs, network.outputs];
  const layer = ridges(network, 1).layers.get(node);
  if (!layer || layer.input !== input || others.length > 0 || sizeOf(sizes(node.shape)) !== 1) return null;
  const { parts, offset } = layer;
  return {
    constant: offset[0],
    curve: (coordinate, lo, hi) => {
      const part = parts.find(({ entry }) => entry === coordinate);
      return part ? curveOn(part, 0, lo, hi) : [lo, hi].map((x) => ({ x, y: Rational.zero }));
    },
  };
}

/** The same of an expression that is a sum of functions of single variables; null for others. */
export function separated(e: E.Expression, variables: readonly string[]): SeparableNet | null {
  const sum = bySummand(e, variables);
  return sum && { constant: sum.constant, curve: (j, lo, hi) => E.knotsOf(sum.summands[j], variables[j], lo, hi) };
}

interface Summands {
  readonly constant: Rational;
  /** For each variable, a function of it alone. */
  readonly summands: readonly E.Expression[];
}

/** Null where a term depends on more than one variable. */
export function bySummand(e: E.Expression, variables: readonly string[]): Summands | null {
  const { constant, terms } = e.kind === 'sum' ? e : { constant: Rational.zero, terms: [{ coefficient: ONE, of: e }] };
  const groups = new Map(variables.map((name) => [name, [] as E.Term[]]));
  for (const term of terms) {
    const [name, ...others] = E.variablesOf(term.of);
    const group = others.length === 0 && groups.get(name ?? variables[0]);
    if (!group) return null;
    group.push(term);
  }
  return { constant, summands: variables.map((name) => E.combination(Rational.zero, groups.get(name)!)) };
}

const ONE = Rational.one;
