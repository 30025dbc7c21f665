import type { Network } from '../../src/network/network.js';
import { Rational } from '../../src/numbers/rational.js';
import { inputRanges } from '../../src/proof/rules/inputs.js';
import { proveByLemma } from '../../src/proof/rules/lemma.js';
import { seemingMinima } from '../../src/proof/rules/minimum-heads.js';
import { reading } from './reading.js';

/** Why the lemma does not show that a head over an input [T, 1] is what it seems to be; null where it does. */
export function problemOf(network: Network, features = 'psi', retrieved = 'retrieved'): string | null {
  const found = reading(() => seemingMinima(network, features, retrieved));
  if (typeof found === 'string') return found;
  const [{ beta, gates }] = found;
  const [psi, node] = [features, retrieved].map((name) => network.find(name)!);
  const tokens = (isOpen: boolean) => gates.flatMap((gate, t) => (gate.isZero() === isOpen ? [t + 1] : []));
  const ranges = inputRanges(network, { [features]: ['0', '1'] });
  const outcome = proveByLemma(network, 'gated-minimum', {
    ...{ id: 'head', says: 'the head', domain: ranges[0].domain, inputs: { [features]: ['0', '1'] } },
    sets: { I: tokens(true), O: tokens(false) },
    functions: { psi: { node: psi, first: 0, stride: 1 }, rho: gates.map((gate, t) => [gate, [t + 1]] as const) },
    numbers: { beta, a: Rational.zero, w: Rational.one, g: gates.reduce((a, b) => a.max(b)), lambda: Rational.of(2) },
    entries: { y: [node, 0] },
    ranges,
  });
  return outcome.kind === 'open' ? outcome.difference : null;
}
