import { isOp, type Network } from '../../../network/network.js';
import { readStateSpace, type StateSpace } from '../../../network/state-space.js';
import type { Gaussian } from '../../../numbers/gaussian.js';
import { Rational } from '../../../numbers/rational.js';
import { rootBounds } from '../../../numbers/root.js';
import { certified, mint, type Outcome, open } from '../../fact.js';
import { attained, exactly, qualitative, type Sentence, special, within } from '../../sentence.js';
import type { Rule } from '../../step.js';
import type { Enclosure } from '../../verdict.js';
import { point } from '../../verdict.js';

/** The largest modulus of an entry of B_1, ..., B_l and C, compared by squares: no root is taken in the comparison. */
export const entryBound: Rule = { id: 'entry-bound', tex: '\\max |b|^2 \\le c^2' };

/** Where the largest entry stands. */
export interface LargestEntry {
  readonly place: string;
  readonly entry: Gaussian | null;
  readonly squared: Rational;
}

export function largestEntry({ layers, C }: StateSpace): LargestEntry {
  let largest: LargestEntry = { place: 'C', entry: null, squared: Rational.zero };
  const visit = (place: string, entry: Gaussian) => {
    const squared = entry.squaredModulus();
    if (largest.squared.lt(squared)) largest = { place, entry, squared };
  };
  layers.forEach(({ B }, k) => {
    B.forEach((row, i) => {
      for (const [j, entry] of row) visit(`B_${k + 1}[${i}, ${j}]`, entry);
    });
  });
  for (const [j, entry] of C) visit(`C[${j}]`, entry);
  return largest;
}

const BITS = 64;

/** The square root of a squared modulus: exact where it is rational with 64 bits or belongs to a real number. */
export function modulus({ entry, squared }: LargestEntry): Enclosure {
  if (!entry) return point(Rational.zero);
  return entry.im.isZero() ? point(entry.re.abs()) : rootBounds(squared, 2, BITS);
}

/** A size of a state-space model: the largest |entry| of B_1, ..., B_l and C, its layers, and its form. */
const ENTRIES = 'the largest modulus of an entry of B_1, ..., B_l and C';
const LAYERS = 'the number of layers of the network as a state-space model';

export function entriesSentence(most: Rational | null): Sentence {
  return special(ENTRIES, { hi: most }, '\\max |b|');
}

export function layersSentence(most: Rational | null): Sentence {
  return special(LAYERS, { hi: most }, 'l');
}

/** At most so many layers of at most so many states, each A_k diagonal with entries below 1 in modulus. */
export function formSentence(layers: number, width: number): Sentence {
  return qualitative(
    `the network is a state-space model of at most ${layers} layers of at most ${width} states, each A_k diagonal with entries below 1 in modulus`,
    'A_k = \\mathrm{diag}(\\lambda_{k,1}, \\dots, \\lambda_{k,m}),\\; |\\lambda_{k,j}| < 1,\\; k \\le l',
  );
}

const STATE_SPACE: Rule = { id: 'state-space', tex: '|\\lambda_{k,j}| < 1, \\quad \\max |b|^2 \\le c^2' };

/** The largest entry and the number of layers, read off the weights. */
export function proveEntries(network: Network): Outcome<LargestEntry>[] {
  const model = readStateSpace(network);
  if (typeof model === 'string') return [open(entryBound, 'entries', ENTRIES, model)];
  const largest = largestEntry(model);
  const enclosure = modulus(largest);
  const layers = Rational.of(model.layers.length);
  const isStable = largestPole(model).lt(Rational.one);
  const base = { rule: STATE_SPACE, network, domain: null, found: largest };
  const form = { layers: model.layers.length, width: widthOf(model), power: 1, value: `${largest.squared}` };
  const part = largestPart(network);
  const least = part.size.min(enclosure.lo!);
  const large = { constants: [part.node], least: `${least}` };
  return [
    mint({
      ...{ ...base, rule: WEIGHT, id: 'large', says: special(ENTRIES, { lo: least }, '\\max |b|') },
      ...certified(() => ({ kind: 'weight', ...large })),
    }),
    mint({
      ...{ ...base, id: 'entries', says: within(entriesSentence(null), enclosure), enclosure },
      ...(isStable && certified(({ hi }) => ({ kind: 'state-space', ...form, ...(hi && { value: `${hi.mul(hi)}` }) }))),
    }),
    mint({
      ...{ ...base, id: 'layers', says: exactly(layersSentence(null), layers), enclosure: point(layers) },
      ...(isStable &&
        certified(({ hi }) => ({ kind: 'state-space', ...form, ...(hi && { layers: Number(hi.floor()) }) }))),
    }),
  ];
}

const WEIGHT: Rule = { ...entryBound, id: 'weight' };

/** The largest real or imaginary part of an entry of a constant that is 1 or more, where it is none of a stable A_k; or 0. */
function largestPart(network: Network): { readonly node: number; readonly size: Rational } {
  let best = { node: 0, size: Rational.zero };
  for (const [node, one] of network.nodes.entries()) {
    if (!isOp(one, 'constant')) continue;
    for (const entry of one.attributes.value.data) {
      const size = entry.abs();
      if (best.size.lt(size) && Rational.one.le(size)) best = { node, size };
    }
  }
  return best;
}

/** The network is of the form, or it is not. */
export function proveForm(network: Network, layers: number, width: number): Outcome {
  const says = formSentence(layers, width);
  const model = readStateSpace(network);
  if (typeof model === 'string') return open(STATE_SPACE, 'form', says.text, model);
  const largest = largestPole(model);
  const isSmall = model.layers.length <= layers && widthOf(model) <= width;
  const base = { rule: STATE_SPACE, id: 'form', network, domain: null, found: model };
  if (!isSmall || !largest.lt(Rational.one)) {
    const widths = model.layers.map(({ poles }) => poles.length).join(', ');
    const at = { widths, largestSquaredModulus: largest.toString() };
    return mint({ ...base, says: attained(says, point(Rational.one), 'the weights'), at });
  }
  const value = largestEntry(model).squared.toString();
  return mint({ ...base, says, ...certified(() => ({ kind: 'state-space', layers, width, power: 1, value })) });
}

function widthOf({ layers }: StateSpace): number {
  return layers.reduce((most, { poles }) => Math.max(most, poles.length), 0);
}

function largestPole({ layers }: StateSpace): Rational {
  const moduli = layers.flatMap(({ poles }) => poles.map((pole) => pole.squaredModulus()));
  return moduli.reduce((most, squared) => most.max(squared), Rational.zero);
}
