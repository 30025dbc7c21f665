/** One axis of a tensor: a name from the mathematics ('token', 'head') and its length. The empty name fits any other. */
export interface Dim {
  readonly name: string;
  readonly size: number;
}

/** The axes of a tensor without the batch axis, which every exported network carries in front. */
export type Shape = readonly Dim[];

/** A shape as a literal in the order of its keys: `{ token: 16, coordinate: 2 }`. */
export type ShapeLiteral = Readonly<Record<string, number>>;

/** Shapes that do not fit, found while a network is built; the message names the node and both shapes. */
export class ShapeError extends Error {
  override readonly name = 'ShapeError';

  constructor(
    node: string,
    op: string,
    readonly problem: string,
  ) {
    super(`node '${node}' (${op}): ${problem}`);
  }
}

export function shapeOf(literal: ShapeLiteral): Shape {
  return Object.entries(literal).map(([name, size]) => ({ name, size }));
}

/** Lengths alone. */
export function sizes(shape: Shape): number[] {
  return shape.map((dim) => dim.size);
}

/** `[token 16, coordinate 2]`. */
export function showShape(shape: Shape): string {
  return `[${shape.map(({ name, size }) => (name ? `${name} ${size}` : `${size}`)).join(', ')}]`;
}

/** The axis that both describe, or null when lengths or names differ. */
export function unify(a: Dim, b: Dim): Dim | null {
  if (a.size !== b.size) return null;
  if (a.name && b.name && a.name !== b.name) return null;
  return a.name ? a : b;
}

/** Numpy broadcasting: axes align from the right, and a length of 1 stretches. Null when the shapes do not fit. */
export function broadcast(a: Shape, b: Shape): Shape | null {
  const rank = Math.max(a.length, b.length);
  const result: Dim[] = [];
  for (let k = 1; k <= rank; k++) {
    const [left, right] = [a.at(-k), b.at(-k)];
    const dim = !left || left.size === 1 ? (right ?? left) : !right || right.size === 1 ? left : unify(left, right);
    if (k > a.length || k > b.length) result.unshift((left ?? right)!);
    else if (!dim) return null;
    else result.unshift(dim);
  }
  return result;
}
