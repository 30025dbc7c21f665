import { compile } from '../../src/evaluate/evaluate.js';
import { float64 } from '../../src/evaluate/float64.js';
import type { Network } from '../../src/network/network.js';
import { Tensor } from '../../src/network/tensor.js';

/** The entries of an output at an input of the network's one input. */
function running(network: Network, output: string, shape: readonly number[]) {
  const evaluate = compile(network, float64);
  const [{ attributes }] = network.inputs;
  return (input: readonly number[]) => evaluate({ [attributes.name]: new Tensor(shape, [...input]) })[output].dense(0);
}

/** Words that are tried, all of them where there are no more. */
const MOST = 1024;

/** Whether the network has the state after every letter, in floating point, for all sequences. */
export function runsAutomaton(
  network: Network,
  T: number,
  table: readonly (readonly number[])[],
  output = 'y',
  start = 0,
): boolean {
  const letters = table.length;
  const outputs = running(network, output, [T, letters]);
  const count = (letters - 1) ** (T - 1);
  return Array.from({ length: Math.min(count, MOST) }, (_, k) => Math.floor((k * count) / Math.min(count, MOST))).every(
    (code) => {
      const places = Array.from(
        { length: T - 1 },
        (_, t) => 1 + (Math.floor(code / (letters - 1) ** t) % (letters - 1)),
      );
      const word = [0, ...places];
      let state = start;
      const expected = word.flatMap((letter) => {
        state = table[letter][state];
        return table[letter].map((_, k) => Number(k === state));
      });
      const input = word.flatMap((letter) => Array.from({ length: letters }, (_, a) => (a === letter ? 1 : 0)));
      return outputs(input).every((y, k) => Math.abs(y - expected[k]) < 1e-9);
    },
  );
}

/** Whether the network has the matrix of p^k for all maps p, in floating point. */
export function followsPointers(network: Network, n: number, k: number, output = 'y'): boolean {
  const outputs = running(network, output, [n, n]);
  return Array.from({ length: n ** n }, (_, code) => code).every((code) => {
    const p = Array.from({ length: n }, (_, t) => Math.floor(code / n ** t) % n);
    const end = p.map((_, t) => Array.from({ length: k }).reduce<number>((at) => p[at], t));
    const rows = (map: readonly number[]) =>
      map.flatMap((to) => Array.from({ length: n }, (_, s) => (s === to ? 1 : 0)));
    return outputs(rows(p)).every((y, at) => Math.abs(y - rows(end)[at]) < 1e-9);
  });
}

/** Whether row t of the output is the letter k hops from t, for texts of n of m letters, in floating point. */
export function followsText(network: Network, n: number, k: number, m = 2, output = 'y'): boolean {
  const outputs = running(network, output, [n + 1, m]);
  const count = m ** n;
  return Array.from({ length: Math.min(count, MOST) }, (_, i) => Math.floor((i * count) / Math.min(count, MOST))).every(
    (code) => {
      const text = [-1, ...Array.from({ length: n }, (_, t) => Math.floor(code / m ** t) % m)];
      const hop = (t: number) => Math.max(0, text.lastIndexOf(text[t], t - 1) + 1);
      const ends = text.map((_, t) =>
        Array.from({ length: k }).reduce<number>(
          (at) => (at === 0 || text.lastIndexOf(text[at], at - 1) < 0 ? 0 : hop(at)),
          t,
        ),
      );
      const rows = (places: readonly number[]) =>
        places.flatMap((t) => Array.from({ length: m }, (_, a) => (text[t] === a ? 1 : 0)));
      return outputs(rows(text.map((_, t) => t))).every((y, at) => Math.abs(y - rows(ends)[at]) < 1e-9);
    },
  );
}
