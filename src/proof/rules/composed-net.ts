import { type Curve, type Curves, composedErrors, type PartBounds } from '../../enclose/composed-error.js';
import type { Span } from '../../enclose/interpolation.js';
import type { Network } from '../../network/network.js';
import { Rational } from '../../numbers/rational.js';
import { type Component, compositeOf } from '../../symbolic/composition.js';
import type { Expression } from '../../symbolic/expression.js';
import { sameFunction } from '../../symbolic/same-function.js';
import { toText } from '../../symbolic/text.js';
import { demand, found, Mismatch } from '../derivation.js';
import type { Rule } from '../step.js';
import { type Multiple, proveSum } from './affine-identity.js';
import { pieceKnots } from './piecewise-identity.js';

/** Errors of the parts of a composition, put together (`composedErrors`). */
export const composedNet: Rule = {
  id: 'composed-net',
  tex: "\\hat g(\\hat v) - g(v) \\in [\\min \\hat g', \\max \\hat g'] \\cdot (\\hat v - v) + [\\inf(\\hat g - g), \\sup(\\hat g - g)]",
};

/** A part of a network that is read as a composition: its tensor of inputs, and a tensor of one number for each part. */
export interface ComposedNet {
  readonly network: Network;
  readonly input: string;
  readonly parts: readonly Component[];
  /** The tensor of part k. */
  readonly tensor: (k: number) => string;
}

/** Tensors of a product besides its own: the halves and their squares. */
export const halfName = (tensor: string, half: 'plus' | 'minus') => `${tensor}.${half}`;
export const halfSquareName = (tensor: string, half: 'plus' | 'minus') => `${tensor}.${half}.square`;

/**
 * Bounds of the net's last part against f over a box, the net read off the weights: affine tensors by their forms, the
 * others by their knots. That f is the composition of the parts is an identity of rings. Throws Mismatch where there are none.
 */
export function composedBounds(
  net: ComposedNet,
  f: Expression,
  inputs: readonly (Span & { readonly variable: string })[],
): PartBounds {
  const composite = compositeOf(
    net.parts,
    inputs.map((input) => input.variable),
  );
  demand(sameFunction(composite, f), `the parts compose to ${toText(composite)}`);
  demandAffine(net, inputs.length);
  const curves: Curves = (k, curve, over) => {
    const [from, to] = ends(net, k, curve, inputs.length);
    demand(from !== to, `'${to}' is not read from one number`);
    return pieceKnots({ network: net.network, from, to }, over.lo, over.hi);
  };
  const errors = found(composedErrors(net.parts, inputs, curves));
  return errors[errors.length - 1];
}

/** The tensors that a curve leads from and to; a coordinate is read through a tensor of its own. */
function ends({ parts, tensor }: ComposedNet, k: number, curve: Curve, d: number): readonly [string, string] {
  const part = parts[k];
  if (curve !== 'function') return [halfName(tensor(k), curve), halfSquareName(tensor(k), curve)];
  if (part.kind !== 'function') return [tensor(k), tensor(k)];
  return [part.of < d ? coordinateName(tensor(k)) : tensor(part.of - d), tensor(k)];
}

/** The tensor of the coordinate that a function reads directly. */
export const coordinateName = (tensor: string) => `${tensor}.of`;

/** Every tensor that should be an affine form of inputs and earlier parts is. */
function demandAffine({ network, input, parts, tensor }: ComposedNet, d: number): void {
  const at = (place: number, factor = Rational.one): Multiple =>
    place < d ? [factor, input, place] : [factor, tensor(place - d)];
  for (const [k, part] of parts.entries()) {
    for (const [target, terms, constant] of sumsOf(part, tensor(k), at, d)) {
      const step = proveSum(network, target, terms, { id: target, statement: target, constant });
      if (step.kind === 'open') throw new Mismatch(step.difference);
    }
  }
}

type SumOf = readonly [target: string, terms: readonly Multiple[], constant?: Rational];

/** The affine tensors of a part; `at` is a multiple of the number at a place. */
function sumsOf(
  part: Component,
  name: string,
  at: (place: number, factor?: Rational) => Multiple,
  d: number,
): readonly SumOf[] {
  if (part.kind === 'affine') return [[name, part.terms.map(([factor, place]) => at(place, factor)), part.constant]];
  if (part.kind === 'function') return part.of < d ? [[coordinateName(name), [at(part.of)]]] : [];
  const [u, v] = part.of;
  const squares = (['plus', 'minus'] as const).map((half) => halfSquareName(name, half));
  return [
    [halfName(name, 'plus'), [at(u, HALF), at(v, HALF)]],
    [halfName(name, 'minus'), [at(u, HALF), at(v, HALF.neg())]],
    [name, squares.map((square, k): Multiple => [Rational.of(1 - 2 * k), square])],
  ];
}

const HALF = Rational.of(1, 2);
