/** Random statements about a small network of dyadic numbers, with what they come to at points, in doubles and so exactly. */

/** A whole number from 0 to n - 1. */
export type Draw = (n: number) => number;
type Point = ReadonlyMap<string, readonly number[]>;
type Value = (at: Point) => number;

export interface Term {
  readonly text: string;
  readonly value: Value;
}

/** y = relu-net of x [2], and its text is `y`. */
export interface SmallNet {
  readonly hidden: readonly (readonly [number, number, number])[];
  readonly out: readonly number[];
}

export function outputOf({ hidden, out }: SmallNet, [a, b]: readonly number[]): number {
  return hidden.reduce((sum, [p, q, r], k) => sum + out[k] * Math.max(0, p * a + q * b + r), 0);
}

export class Statements {
  private depth = 0;

  constructor(
    private readonly draw: Draw,
    private readonly net: SmallNet,
    private readonly points: readonly string[],
  ) {}

  private pick<T>(list: readonly T[]): T {
    return list[this.draw(list.length)];
  }

  private quarter(span = 8): number {
    return (this.draw(2 * span + 1) - span) / 4;
  }

  private number(value: number): Term {
    const text = Number.isInteger(value) ? `${value}` : `${value * 4}/4`;
    return { text: value < 0 ? `(${text})` : text, value: () => value };
  }

  private leaf(): Term {
    const point = this.pick(this.points);
    const k = this.draw(2);
    const output = {
      text: this.points.length > 1 ? `y(${point})` : 'y',
      value: (at: Point) => outputOf(this.net, at.get(point)!),
    };
    const entry = { text: `${point}[${k + 1}]`, value: (at: Point) => at.get(point)![k] };
    return this.pick([output, output, entry, entry, this.number(this.quarter())]);
  }

  term(): Term {
    this.depth += 1;
    const made =
      this.depth > 3
        ? this.leaf()
        : this.pick([this.leaf, this.leaf, this.sum, this.sum, this.product, this.call, this.reduction]).call(this);
    this.depth -= 1;
    return made;
  }

  private sum(): Term {
    const [a, b] = [this.term(), this.term()];
    const sign = this.pick(['+', '-']);
    return {
      text: `(${a.text} ${sign} ${b.text})`,
      value: (at) => a.value(at) + (sign === '+' ? 1 : -1) * b.value(at),
    };
  }

  private product(): Term {
    const a = this.term();
    const b = this.pick([this.number(this.quarter()), this.number(this.quarter()), this.leaf()]);
    return {
      text: this.pick([`${a.text}*${b.text}`, `${b.text}*${a.text}`]),
      value: (at) => a.value(at) * b.value(at),
    };
  }

  private call(): Term {
    const [a, b] = [this.term(), this.term()];
    const calls: readonly Term[] = [
      { text: `|${a.text}|`, value: (at) => Math.abs(a.value(at)) },
      { text: `relu(${a.text})`, value: (at) => Math.max(0, a.value(at)) },
      { text: `max(${a.text}, ${b.text})`, value: (at) => Math.max(a.value(at), b.value(at)) },
      { text: `min(${a.text}, ${b.text})`, value: (at) => Math.min(a.value(at), b.value(at)) },
      { text: `(${a.text})^2`, value: (at) => a.value(at) ** 2 },
      { text: `${a.text}/2`, value: (at) => a.value(at) / 2 },
    ];
    return this.pick(calls);
  }

  /** Over entries of x and over numbers, one within the other, with indices of names that the normal form uses. */
  private reduction(): Term {
    const point = this.pick(this.points);
    const [outer, inner] = this.pick([
      ['i', 'k'],
      ['i', 'i1'],
      ['k', 'i1'],
      ['i2', 'i1'],
      ['i1', 'i2'],
      ['i1_', 'i1'],
    ] as const);
    const op = this.pick(['sum_', 'min_', 'max_'] as const);
    const fold = (values: readonly number[]) =>
      op === 'sum_' ? values.reduce((a, b) => a + b, 0) : op === 'min_' ? Math.min(...values) : Math.max(...values);
    const factor = this.quarter();
    const scale = this.number(factor).text;
    return {
      text: `${op}{${outer} in 1..2}(sum_{${inner} in 1..3}(${scale}*${outer}*${inner}*${point}[${outer}]))`,
      value: (at) =>
        fold([1, 2].map((i) => [1, 2, 3].reduce((sum, k) => sum + factor * i * k * at.get(point)![i - 1], 0))),
    };
  }
}
