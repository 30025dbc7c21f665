/** The name of an entry of an input in texts of the language: `x[3,2]`, or `x` where there is only one. */
export function inputEntry(name: string, shape: readonly number[], index: number): string {
  const strides = shape.map((_, k) => shape.slice(k + 1).reduce((product, size) => product * size, 1));
  const indices = strides.map((stride, k) => (Math.floor(index / stride) % shape[k]) + 1);
  return shape.every((size) => size === 1) ? name : `${name}[${indices.join(',')}]`;
}
