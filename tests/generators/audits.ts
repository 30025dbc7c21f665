import { type ClaimResult, type Result, verify } from '../../src/audit/verify.js';
import { readInstance, withOverrides } from '../../src/instance/instance.js';
import { loadTheorem } from '../../src/library/package.js';
import type { Network } from '../../src/network/network.js';
import { Rational } from '../../src/numbers/rational.js';

export interface Audited extends Result {
  /** The network that the theorem built, before the change. */
  readonly built: Network;
  claim(id: string): ClaimResult;
}

/** Audits a theorem with `NAME=VALUE` parameters, on the network after `change`, against bounds stated by claim. */
export async function audited(
  id: string,
  params: readonly string[],
  {
    change = (network) => network,
    bounds = {},
  }: { change?: (built: Network) => Network; bounds?: Record<string, string> } = {},
): Promise<Audited> {
  const claims = Object.entries(bounds).map(([claim, bound]) => `${claim}: {bound: ${bound}}`);
  const instance = withOverrides(readInstance(`theorem: ${id}\nclaims: {${claims.join(', ')}}\n`), params);
  let built: Network | undefined;
  const result = await verify(await loadTheorem(id), instance, {
    seed: 1,
    digits: 20,
    execution: [],
    progress: () => {},
    network: (network) => {
      built = network;
      return change(network);
    },
  });
  const claim = (name: string) => result.claims.find((found) => found.id === name)!;
  return { ...result, built: built!, claim };
}

/** [lo, hi] as texts of exact rationals. */
export function ends({ enclosure }: ClaimResult): [string | undefined, string | undefined] {
  return [enclosure?.lo?.toString(), enclosure?.hi?.toString()];
}

/** Whether lo <= hi and both are within `relative` of a double. */
export function encloses({ enclosure }: ClaimResult, value: number, relative: number): boolean {
  const [lo, hi] = [enclosure!.lo!, enclosure!.hi!].map((end) => Number((end.num * 10n ** 40n) / end.den) / 1e40);
  const near = (x: number) => Math.abs(x - value) <= relative * Math.abs(value);
  return enclosure!.lo!.le(enclosure!.hi!) && near(lo) && near(hi);
}

/** hi - lo, relative to hi. */
export function relativeWidth({ enclosure }: ClaimResult): Rational {
  const { lo, hi } = enclosure!;
  return hi!.isZero() ? Rational.zero : hi!.sub(lo!).div(hi!);
}
