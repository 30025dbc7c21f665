import { compile } from '../../src/evaluate/evaluate.js';
import { float64 } from '../../src/evaluate/float64.js';
import type { Network } from '../../src/network/network.js';
import { Tensor } from '../../src/network/tensor.js';

const outputs = (network: Network, input: readonly number[], shape: readonly number[]) =>
  compile(network, float64)({ x: new Tensor(shape, input) }).y.dense(0);

/** Whether the network has the state after every letter, in floating point, for all sequences. */
export function runsAutomaton(network: Network, T: number, table: readonly (readonly number[])[]): boolean {
  const letters = table.length;
  return Array.from({ length: 2 ** (T - 1) }, (_, code) => code).every((code) => {
    const word = [0, ...Array.from({ length: T - 1 }, (_, t) => 1 + (Math.floor(code / 2 ** t) % 2))];
    let state = 0;
    const expected = word.flatMap((letter) => {
      state = table[letter][state];
      return [state === 0 ? 1 : 0, state === 1 ? 1 : 0];
    });
    const input = word.flatMap((letter) => Array.from({ length: letters }, (_, a) => (a === letter ? 1 : 0)));
    return outputs(network, input, [T, letters]).every((y, k) => Math.abs(y - expected[k]) < 1e-9);
  });
}

/** Whether the network has the matrix of p^k for all maps p, in floating point. */
export function followsPointers(network: Network, n: number, k: number): boolean {
  return Array.from({ length: n ** n }, (_, code) => code).every((code) => {
    const p = Array.from({ length: n }, (_, t) => Math.floor(code / n ** t) % n);
    const end = p.map((_, t) => Array.from({ length: k }).reduce<number>((at) => p[at], t));
    const rows = (map: readonly number[]) =>
      map.flatMap((to) => Array.from({ length: n }, (_, s) => (s === to ? 1 : 0)));
    return outputs(network, rows(p), [n, n]).every((y, at) => Math.abs(y - rows(end)[at]) < 1e-9);
  });
}

/** Whether row t of the output is the letter k hops from t, for all texts of n of two letters, in floating point. */
export function followsText(network: Network, n: number, k: number): boolean {
  return Array.from({ length: 2 ** n }, (_, code) => code).every((code) => {
    const text = [-1, ...Array.from({ length: n }, (_, t) => Math.floor(code / 2 ** t) % 2)];
    const hop = (t: number) => Math.max(0, text.lastIndexOf(text[t], t - 1) + 1);
    const ends = text.map((_, t) =>
      Array.from({ length: k }).reduce<number>(
        (at) => (at === 0 || text.lastIndexOf(text[at], at - 1) < 0 ? 0 : hop(at)),
        t,
      ),
    );
    const rows = (places: readonly number[]) => places.flatMap((t) => [0, 1].map((a) => (text[t] === a ? 1 : 0)));
    const own = rows(text.map((_, t) => t));
    return outputs(network, own, [n + 1, 2]).every((y, at) => Math.abs(y - rows(ends)[at]) < 1e-9);
  });
}
