import type { Network } from '../../network/network.js';
import { summarise } from '../../network/summary.js';
import { Rational } from '../../numbers/rational.js';

/** How a size of a network is called in statements. */
export const SIZES = {
  parameters: 'parameters',
  nonzero: 'nonzero',
  weight: 'max|w|',
  depth: 'depth',
  units: 'units',
  width: 'width',
} as const;
export type Size = keyof typeof SIZES;

export function sizeNamed(name: string | undefined): Size | undefined {
  return (Object.keys(SIZES) as Size[]).find((size) => SIZES[size] === name);
}

export function valueOfSize(network: Network, size: Size): Rational {
  const summary = summarise(network);
  return size === 'weight' ? summary.maxAbsWeight : Rational.of(summary[size]);
}
