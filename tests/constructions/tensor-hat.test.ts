import { describe, expect, it } from 'vitest';
import { tensorHat } from '../../constructions/tensor-hat.js';
import { domain, unitBox } from '../../src/enclose/box.js';
import { readGridInterpolant } from '../../src/enclose/grid-interpolant.js';
import type { GridFunction } from '../../src/enclose/simplices.js';
import { compile } from '../../src/evaluate/evaluate.js';
import { exact } from '../../src/evaluate/exact.js';
import type { Network } from '../../src/network/network.js';
import { tensor } from '../../src/network/tensor.js';
import { Rational } from '../../src/numbers/rational.js';
import { rebuilt, withConstants, withEntry } from '../generators/rebuild.js';
import { stream } from '../numbers/samples.js';

const third = (k: number) => Rational.of(k, 3);

function randomGrid(cells: readonly number[], random: () => number): GridFunction {
  const heights = new Map<string, Rational>();
  const box = domain(
    cells.map((_, i) => ({ variable: 'xyz'[i], lo: third(-i), hi: third(1 + Math.floor(random() * 4)) })),
  );
  return {
    domain: box,
    cells,
    value: (index) => {
      const key = index.join();
      const height = heights.get(key) ?? Rational.of(Math.floor(random() * 200) - 100, 7);
      heights.set(key, height);
      return height;
    },
  };
}

/** The interpolant: within a cell, coordinates are added from the largest fraction to the smallest. */
function interpolant({ domain: { lo, hi }, cells, value }: GridFunction, x: readonly Rational[]): Rational {
  const s = x.map((entry, i) => entry.sub(lo[i]).div(hi[i].sub(lo[i])).mul(Rational.of(cells[i])));
  const corner = s.map((entry, i) => Math.min(Number(entry.floor()), cells[i] - 1));
  const rest = s.map((entry, i) => entry.sub(Rational.of(corner[i])));
  const order = rest.map((_, i) => i).sort((i, j) => rest[j].compare(rest[i]));
  const path = [corner];
  for (const axis of order) path.push(path.at(-1)!.map((k, i) => (i === axis ? k + 1 : k)));
  const weights = [Rational.one, ...order.map((axis) => rest[axis])];
  return path.reduce((total, point, k) => {
    const next = weights[k + 1] ?? Rational.zero;
    return total.add(value(point).mul(weights[k].sub(next)));
  }, Rational.zero);
}

describe.each([[[5]], [[3, 2]], [[2, 2, 3]], [[1, 1]]])('the net of an interpolant on a grid of %j cells', (cells) => {
  const random = stream(cells.length + 3);
  const grid = randomGrid(cells, random);
  const { network } = tensorHat(grid);
  const run = compile(network, exact);

  it('is the interpolant at every point', () => {
    const { lo, hi } = grid.domain;
    for (let n = 0; n < 60; n++) {
      const x = lo.map((end, i) => end.add(hi[i].sub(end).mul(Rational.of(Math.floor(random() * 25), 24))));
      const [y] = run({ x: tensor([cells.length], x) }).y.data;
      expect(y.toString()).toBe(interpolant(grid, x).toString());
    }
  });

  it('is read back, and nothing else is', () => {
    const readBack = (of: Network) => readGridInterpolant(of, grid.domain) as GridFunction;
    const read = readBack(network);
    expect(read.cells).toEqual(cells);
    expect(read.domain.hi.map(String)).toEqual(grid.domain.hi.map(String));
    for (const index of [cells.map(() => 0), cells, cells.map((_, i) => (i === 0 ? 1 : 0))]) {
      expect(read.value(index).toString()).toBe(grid.value(index).toString());
    }
    for (const name of ['corners', 'scale', 'one', 'minus']) {
      const mutant = withConstants(network, (value, label) =>
        label === name
          ? withEntry(value, value.size - 1, value.at(value.size - 1, Rational.zero).add(Rational.pow2(-40)))
          : value,
      );
      expect(readBack(mutant), name).toBeTypeOf('string');
    }
    const other = rebuilt(network, (node) => (node.name === 'hats' ? node.inputs[0] : node));
    expect(readBack(other)).toBeTypeOf('string');
    const higher = withConstants(network, (value, label) =>
      label === 'values' ? withEntry(value, 1, value.at(1, Rational.zero).add(Rational.one)) : value,
    );
    expect(
      readBack(higher)
        .value(cells.map((_, i) => (i === 0 ? 1 : 0)))
        .toString(),
    ).toBe(
      grid
        .value(cells.map((_, i) => (i === 0 ? 1 : 0)))
        .add(Rational.one)
        .toString(),
    );
  });
});

describe('other networks', () => {
  it('are not read as interpolants', () => {
    const { network } = tensorHat(randomGrid([2, 2], stream(9)));
    expect(readGridInterpolant(network, unitBox(['x']))).toBeTypeOf('string');
    const hats = network.upTo(network.find('hats')!);
    expect(readGridInterpolant(hats, unitBox(['x', 'y']))).toBeTypeOf('string');
  });
});
