import { ATTRIBUTE_TYPE, INT64, type Message } from '../../../src/onnx/schema.js';

/** A whole number from 0 to n - 1. */
export type Draw = (n: number) => number;
type Attribute = Message<'Attribute'>;
export type Tensor = Message<'Tensor'>;

export const FLOAT = 1;
export const BOOL = 9;

/** What a random operator takes beside the tensor x, and its attributes. */
export interface Operator {
  readonly type: string;
  readonly attributes?: readonly Attribute[];
  /** Constants behind x, in their order; '' for an input that is left out. */
  readonly constants?: readonly (Tensor | '')[];
  /** The place of x among the inputs. */
  readonly place?: number;
  readonly outputs?: number;
}

export const i = (name: string, value: number): Attribute => ({ name, type: ATTRIBUTE_TYPE.i, i: value });
export const f = (name: string, value: number): Attribute => ({ name, type: ATTRIBUTE_TYPE.f, f: value });
export const ints = (name: string, value: readonly number[]): Attribute => ({
  name,
  type: ATTRIBUTE_TYPE.ints,
  ints: [...value],
});
export const s = (name: string, value: string): Attribute => ({
  ...{ name, type: ATTRIBUTE_TYPE.s },
  s: new TextEncoder().encode(value),
});

/** What random operators on a tensor x of a shape are drawn from, in the sense of an opset; nonsense is among them. */
export class Drawing {
  constructor(
    readonly draw: Draw,
    readonly shape: readonly number[],
    readonly opset: number,
  ) {}

  pick<T>(list: readonly T[]): T {
    return list[this.draw(list.length)];
  }

  maybe<T>(value: T): readonly T[] {
    return this.draw(2) === 0 ? [] : [value];
  }

  axis(): number {
    return this.draw(2 * this.shape.length + 1) - this.shape.length;
  }

  floats(dims: readonly number[]): Tensor {
    const count = dims.reduce((a, b) => a * b, 1);
    const floatData = Array.from({ length: count }, () => (this.draw(33) - 16) / 8);
    return { dims: [...dims], dataType: FLOAT, floatData };
  }

  integers(values: readonly number[]): Tensor {
    return { dims: [values.length], dataType: INT64, int64Data: [...values] };
  }

  /** A shape that x broadcasts with, most times. */
  beside(): number[] {
    const rank = this.draw(this.shape.length + 2);
    const own = [
      ...new Array<number>(Math.max(0, rank - this.shape.length)).fill(1),
      ...this.shape.slice(-rank || this.shape.length),
    ];
    return own.slice(-rank || own.length).map((n) => this.pick([n, n, 1]));
  }
}
