/** The net of a plan (`composed-plan.ts`): one tensor [T, 1] per part, so that a proof can read each off the weights. */
import {
  type Builder,
  type Component,
  coordinateName,
  halfName,
  halfSquareName,
  type Node,
  Rational,
  tensor,
} from '../src/index.js';
import { type ComposedPlan, hatKey } from './composed-plan.js';
import { hatNet } from './hat-net.js';

/** The tensor of part k of n. */
export const partTensor = (name: string, k: number, n: number) => (k === n - 1 ? name : `${name}.part${k + 1}`);

/** Adds the net on top of x [T, d]; returns [T, 1], called `name`. */
export function composedNet(b: Builder, x: Node, { parts, hats }: ComposedPlan, name: string): Node {
  const d = x.shape[1].size;
  const values: Node[] = [];
  const coordinate = (place: number, label: string) => b.gather(x, 1, [place], label);
  const hat = (k: number, curve: 'function' | 'plus' | 'minus') => hats.get(hatKey(k, curve))!;
  const on = (node: Node, k: number, curve: 'function' | 'plus' | 'minus', label: string) =>
    hatNet(b, node, [{ coordinate: 0, hat: hat(k, curve) }], Rational.zero, label);
  const affine = (terms: readonly Term[], constant: Rational, label: string) => {
    const columns = terms.map(([, place], i) =>
      place < d ? coordinate(place, `${label}.x${i + 1}`) : values[place - d],
    );
    if (terms.length === 0) return constantValue(b, x, constant, label);
    const joined = columns.length === 1 ? columns[0] : b.concat(columns, 1, `${label}.terms`);
    const W = tensor(
      [terms.length, 1],
      terms.map(([coefficient]) => coefficient),
    );
    const bias = constant.isZero() ? null : b.constant(tensor([1], [constant]), `${label}.bias`);
    return b.affine(joined, b.constant(W, `${label}.weights`), bias, label);
  };
  for (const [k, part] of parts.entries()) {
    const label = partTensor(name, k, parts.length);
    if (part.kind === 'affine') values.push(affine(part.terms, part.constant, label));
    else if (part.kind === 'function') {
      const of = part.of < d ? coordinate(part.of, coordinateName(label)) : values[part.of - d];
      values.push(on(of, k, 'function', label));
    } else {
      const squares = (['plus', 'minus'] as const).map((half) => {
        const sign = half === 'plus' ? HALF : HALF.neg();
        const z = affine(
          [
            [HALF, part.of[0]],
            [sign, part.of[1]],
          ],
          Rational.zero,
          halfName(label, half),
        );
        return on(z, k, half, halfSquareName(label, half));
      });
      values.push(b.sub(squares[0], squares[1], label));
    }
  }
  return values[values.length - 1];
}

type Term = Extract<Component, { kind: 'affine' }>['terms'][number];

/** A number that depends on no coordinate, for every row of x. */
function constantValue(b: Builder, x: Node, constant: Rational, label: string): Node {
  const d = x.shape[1].size;
  const zeros = b.constant(tensor([d, 1], new Array<Rational>(d).fill(Rational.zero)), `${label}.none`, 'structure');
  return b.affine(x, zeros, b.constant(tensor([1], [constant]), `${label}.bias`), label);
}

const HALF = Rational.of(1, 2);
