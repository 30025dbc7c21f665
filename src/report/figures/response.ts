import type { Network } from '../../network/network.js';
import { readStateSpace } from '../../network/state-space.js';
import { approximate } from '../../numbers/convert.js';
import type { Gaussian } from '../../numbers/gaussian.js';
import { rounded } from './heat-map.js';

/** What a chain of linear recurrences answers to 1, 0, 0, ..., as it runs in doubles, and its poles. */
export interface Response {
  /** rho(0), rho(1), ... */
  readonly values: readonly number[];
  /** Of each layer, as [re, im]. */
  readonly poles: readonly (readonly (readonly [number, number])[])[];
}

const RESPONSE_STEPS = 128;

/** Null for networks that are no such chain. */
export function responseOf(network: Network): Response | null {
  const model = network.nodes.some(({ op }) => op === 'recurrence') ? readStateSpace(network) : 'no recurrence';
  if (typeof model === 'string') return null;
  const states = model.layers.map(({ poles }) => poles.map(() => [0, 0] as Complex));
  const layers = model.layers.map(({ poles, B }) => ({
    poles: poles.map(number),
    rows: B.map((row) => row.map(([j, entry]) => [j, number(entry)] as const)),
  }));
  const C = model.C.map(([j, entry]) => [j, number(entry)] as const);
  const values = Array.from({ length: RESPONSE_STEPS }, (_, t) => {
    let below: Complex[] = [[t === 0 ? 1 : 0, 0]];
    layers.forEach(({ poles, rows }, k) => {
      below = states[k] = rows.map((row, i) => plus(times(states[k][i], poles[i]), combined(row, below)));
    });
    return rounded(combined(C, below)[0]);
  });
  const overflow = values.findIndex((value) => !Number.isFinite(value));
  return {
    values: overflow < 0 ? values : values.slice(0, overflow),
    poles: layers.map(({ poles }) => poles.map(([re, im]) => [rounded(re), rounded(im)] as const)),
  };
}

type Complex = [number, number];

function number({ re, im }: Gaussian): Complex {
  return [approximate(re), approximate(im)];
}

function plus([a, b]: Complex, [c, d]: Complex): Complex {
  return [a + c, b + d];
}

function times([a, b]: Complex, [c, d]: Complex): Complex {
  return [a * c - b * d, a * d + b * c];
}

function combined(row: readonly (readonly [number, Complex])[], values: readonly Complex[]): Complex {
  return row.reduce<Complex>((sum, [j, entry]) => plus(sum, times(entry, values[j])), [0, 0]);
}
