/** The memorising network of `single-head-memorization`: the uniform head with `memorizer` on its class token. */
import { Builder, type Construction, InputError, type LabelledSequence, Rational, Tensor } from '../src/index.js';
import { memorizer, separatingDirection } from './memorizer.js';
import { uniformHead } from './uniform-head.js';

/** What was memorised, in the order of the projections onto the direction. */
export interface Memorization {
  readonly mode: 'data';
  /** Distinct sequences with their labels, in the order of the file. */
  readonly sequences: readonly LabelledSequence[];
  /** Least distance of two projections; null for a single sequence. */
  readonly separation: Rational | null;
}

/** Builds the memorising network. Throws InputError for one sequence with two labels, naming both rows. */
export function memorizationFromData(
  all: readonly LabelledSequence[],
  { T, d }: { T: number; d: number },
): Construction<Memorization> {
  const sequences = mergeDuplicates(all);
  const direction = separatingDirection(sequences);
  const projected = sequences.map(({ values, label }) => ({
    u: values.reduce((u, value, k) => u.add(value.mul(direction[k])), Rational.zero),
    label,
  }));
  projected.sort((a, b) => a.u.compare(b.u));
  const projections = projected.map(({ u }) => u);
  const b = new Builder();
  const x = b.input('x', { token: T, coordinate: d });
  const y = memorizer(b, uniformHead(b, x), { direction, projections, labels: projected.map(({ label }) => label) });
  const merged = all.length - sequences.length;
  const design: Memorization = { mode: 'data', sequences, separation: smallestGap(projections) };
  const notes = merged === 0 ? [] : [`${merged} duplicate sequences with equal labels were merged`];
  return { network: b.network({ y }), design, notes };
}

/** The input of the network for one sequence: a tensor [T, d]. */
export function sequenceInput(
  values: readonly Rational[],
  { T, d }: { T: number; d: number },
): { x: Tensor<Rational> } {
  return { x: new Tensor([T, d], values) };
}

/** The least difference of neighbours in an increasing list; null for fewer than two. */
export function smallestGap(increasing: readonly Rational[]): Rational | null {
  let gap: Rational | null = null;
  for (let k = 1; k < increasing.length; k++) {
    const next = increasing[k].sub(increasing[k - 1]);
    gap = gap ? gap.min(next) : next;
  }
  return gap;
}

function mergeDuplicates(all: readonly LabelledSequence[]): LabelledSequence[] {
  const first = new Map<string, LabelledSequence>();
  for (const sequence of all) {
    const key = sequence.values.join(',');
    const known = first.get(key);
    if (known && !known.label.equals(sequence.label)) {
      throw new InputError({
        field: 'data',
        found: `contradicting data: ${known.origin} and ${sequence.origin} hold the same sequence with the labels ${known.label} and ${sequence.label}`,
        allowed: 'one label per sequence',
        mend: 'remove or correct one of the two rows',
      });
    }
    if (!known) first.set(key, sequence);
  }
  return [...first.values()];
}
