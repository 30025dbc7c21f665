import type { Span } from '../../enclose/interpolation.js';
import { type AffineForm, addForms, constantForm, scaleForm } from '../../evaluate/affine.js';
import type { Network } from '../../network/network.js';
import { Rational } from '../../numbers/rational.js';
import { type Component, compositeOf } from '../../symbolic/composition.js';
import type { Expression } from '../../symbolic/expression.js';
import { sameFunction } from '../../symbolic/same-function.js';
import { toText } from '../../symbolic/text.js';
import { proveAffineIdentity } from './affine-identity.js';
import { type Curve, composedErrors, type PartBounds } from './composed-error.js';
import { pieceKnots } from './piecewise-identity.js';

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
 * others by their knots. That f is the composition of the parts is an identity of rings. A sentence says why there are none.
 */
export function proveComposedNet(
  net: ComposedNet,
  f: Expression,
  inputs: readonly (Span & { readonly variable: string })[],
): PartBounds | string {
  const composite = compositeOf(
    net.parts,
    inputs.map((input) => input.variable),
  );
  if (!sameFunction(composite, f)) return `the parts compose to ${toText(composite)}`;
  const problem = affineProblem(net, inputs.length);
  if (problem) return problem;
  const errors = composedErrors(net.parts, inputs, (k, curve, over) => {
    const [from, to] = ends(net, k, curve, inputs.length);
    return from === to
      ? `'${to}' is not read from one number`
      : pieceKnots({ network: net.network, from, to }, over.lo, over.hi);
  });
  return typeof errors === 'string' ? errors : errors[errors.length - 1];
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
function affineProblem({ network, input, parts, tensor }: ComposedNet, d: number): string | null {
  for (const [k, part] of parts.entries()) {
    const name = tensor(k);
    const forms = formsOf(part, name, d);
    for (const [target, terms, constant] of forms) {
      const places = terms.map(([, place]) => place);
      const names = [input, ...new Set(places.filter((place) => place >= d).map((place) => tensor(place - d)))];
      const squares = part.kind === 'product' && target === name;
      const sources = squares ? (['plus', 'minus'] as const).map((half) => halfSquareName(name, half)) : names;
      const nodes = sources.map((source) => network.find(source));
      const node = network.find(target);
      if (!node || nodes.some((source) => !source)) return `a tensor of part ${k + 1} is missing: '${target}'`;
      const of = (place: number, entry: (name: string, index: number) => AffineForm) =>
        squares ? entry(sources[place], 0) : place < d ? entry(input, place) : entry(tensor(place - d), 0);
      const step = proveAffineIdentity(
        network,
        target,
        {
          shape: [],
          entry: (_, entry) =>
            terms.reduce(
              (total, [coefficient, place]) => addForms(total, scaleForm(of(place, entry), coefficient)),
              constantForm(constant),
            ),
        },
        { id: target, statement: target, from: nodes.filter((one) => one !== undefined) },
      );
      if (step.kind === 'open') return step.difference;
    }
  }
  return null;
}

type Form = readonly [target: string, terms: readonly (readonly [Rational, number])[], constant: Rational];

/** The affine tensors of a part; those of a product's last one are its squares, places 0 and 1. */
function formsOf(part: Component, name: string, d: number): readonly Form[] {
  if (part.kind === 'affine') return [[name, part.terms, part.constant]];
  if (part.kind === 'function') {
    return part.of < d ? [[coordinateName(name), [[Rational.one, part.of]], Rational.zero]] : [];
  }
  const [u, v] = part.of;
  return [
    [
      halfName(name, 'plus'),
      [
        [HALF, u],
        [HALF, v],
      ],
      Rational.zero,
    ],
    [
      halfName(name, 'minus'),
      [
        [HALF, u],
        [HALF.neg(), v],
      ],
      Rational.zero,
    ],
    [
      name,
      [
        [Rational.one, 0],
        [Rational.of(-1), 1],
      ],
      Rational.zero,
    ],
  ];
}

const HALF = Rational.of(1, 2);
