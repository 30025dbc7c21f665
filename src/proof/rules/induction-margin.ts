import { between } from '../../network/cut.js';
import type { Network } from '../../network/network.js';
import { sizes } from '../../network/shape.js';
import { ballIntervals } from '../../numbers/balls.js';
import { toDecimal } from '../../numbers/decimal.js';
import { doubleIntervals } from '../../numbers/doubles.js';
import { Rational } from '../../numbers/rational.js';
import { multiplied, type RationalMatrix, transposed } from '../../numbers/rational-matrix.js';
import { roundedTo } from '../../numbers/significant-bits.js';
import { demand, derive } from '../derivation.js';
import { certified, mint, type Outcome } from '../fact.js';
import { attained, type Sentence, special } from '../sentence.js';
import type { Rule } from '../step.js';
import { copyingHead, readCopyingHead, readMatchingHead } from './induction-head.js';
import { outputIn } from './input-value.js';
import { prefixText } from './inputs.js';
import { linearMap } from './linear-map.js';
import { instanceRule } from './statement/evidence.js';
import { numberNamed, outputNode, tensorNamed } from './tensors.js';

/**
 * The margin of the right answer, from what is read off the weights.
 *
 * Layer 1 leaves at most eta = n e^{-gap} of a row's mass off token i - 1, so <query(q), u_i> differs from <query(q),
 * c_{sigma_{i-1}}> by at most delta = eta times the spread of <query(q), .> over all codes and 0. In layer 2 the right
 * token is at least D above all others, D the smaller of (least step of the bias) - 2 delta, against earlier matches, and
 * (least match - nonmatch) - 2 delta - (range of the bias), against the rest: mass mu = n e^{-D} goes astray. Scores are
 * S_{a,s} for the symbol a of a token (0 for the start token), so
 *   y_a - y_s >= (1 - mu) min (S_aa - S_as) - mu max |S_ba - S_bs|.
 */
const inductionHead: Rule = {
  id: 'induction-head',
  tex: 'y_a - y_s \\ge (1 - \\mu) \\min (S_{aa} - S_{as}) - \\mu \\max |S_{ba} - S_{bs}|',
};

/** The names of the tensors that the two heads make. */
interface InductionNames {
  readonly before: string;
  readonly answer: string;
}

const BITS = 128;

/** Bits of the numbers that a certificate states. */
const MARGIN_BITS = 24;

/**
 * Applies the rule to a network whose only input is a row of zeros and n unit vectors of m symbols: the margin of the
 * right symbol over all others, and what no score exceeds where the last symbol is new.
 */
export function proveContinuation(
  network: Network,
  output: string,
  { before, answer }: InductionNames,
): readonly Outcome[] {
  const statement = 'two heads find the symbol that followed the latest earlier occurrence of the last one';
  const { outcomes } = derive({ rule: copyingHead, id: 'heads', statement }, (take) => {
    const add = (id: string, says: string, lo: Rational | null, hi: Rational | null) =>
      take(mint({ rule: copyingHead, network, domain: null, found: null, id, says, enclosure: { lo, hi } }));
    const [input] = network.inputs;
    const y = outputNode(network, output);
    demand(network.inputs.length === 1 && input.shape.length === 2, 'there is not one input [n + 1, m]');
    const n = sizes(input.shape)[0] - 1;
    const first = readCopyingHead(network, input.name, before, (i) => (i + n) % (n + 1));
    const eta = exponential(first.gap, n);
    const premises = [
      add('layer1', 'every token attends to the one before it, up to a mass of n e^-gap', first.gap, null),
    ];
    const second = readMatchingHead(network, input.name, before, answer);
    const node = tensorNamed(network, answer);
    const isAlone = between([node], [y]).inputs.every(({ name }) => name === answer);
    demand(isAlone, 'the scores see more than the answer');
    const unembedding = linearMap(node, y);

    const match = multiplied(second.query, transposed(first.codes));
    const delta = eta.mul(spread(match));
    const twice = delta.add(delta);
    const late = leastStep(second.bias).sub(twice);
    const right = separation(match, true).sub(twice).sub(range(second.bias));
    const D = late.min(right);
    const mu = D.sign() > 0 ? exponential(D, n).min(Rational.one) : Rational.one;
    premises.push(
      add('noise', 'what the mass that went astray in layer 1 does to a logit of layer 2', null, delta),
      add('latest', 'a later match is above an earlier one', late, null),
      add('match', 'a match is above the rest', right, null),
      add('stray', 'mass that goes astray in layer 2', null, mu),
    );
    const S = multiplied(second.codes, unembedding);
    const kept = Rational.one.sub(mu).mul(separation(S, false));
    const margin = kept.sub(mu.mul(widest(S)));
    const largest = S.flat().reduce((most, entry) => most.max(entry.abs()), Rational.zero);
    const places = { before: numberNamed(network, before), answer: numberNamed(network, answer) };
    const shown = margin.sign() > 0 ? roundedTo(margin.inverse(), MARGIN_BITS, 'up').inverse() : margin;
    const absent = mu.mul(largest);
    const final = { rule: inductionHead, network, domain: null, found: null, premises };
    take(
      mint({
        ...{ ...final, id: 'margin', says: marginSentence(output, margin), enclosure: { lo: margin, hi: null } },
        ...certified(
          ({ lo }) => ({ kind: 'continuation', output, margin: `${stated(lo, shown)}` }),
          () => places,
        ),
      }),
    );
    take(
      mint({
        ...{ ...final, id: 'absent', says: absentSentence(output, absent), enclosure: { lo: null, hi: absent } },
        ...certified(
          ({ hi }) => ({ kind: 'continuation', output, absent: `${hi ?? roundedTo(absent, MARGIN_BITS, 'up')}` }),
          () => places,
        ),
      }),
    );
  });
  return outcomes;
}

/** The margin at one sequence of symbols out of m, in doubles rounded outward: the least margin is at most this. */
export function proveMarginAt(
  network: Network,
  output: string,
  symbols: readonly number[],
  m: number,
): readonly Outcome[] {
  const [{ attributes, shape }] = network.inputs;
  const isSequence = symbols.every((symbol) => Number.isInteger(symbol) && symbol >= 0 && symbol < m);
  if (!isSequence || sizes(shape).join() !== `${symbols.length + 1},${m}`) return [];
  const before = symbols.lastIndexOf(symbols[symbols.length - 1], symbols.length - 2);
  if (symbols.length < 2 || before < 0) return [];
  const rows = [-1, ...symbols].flatMap((symbol) =>
    Array.from({ length: m }, (_, s) => Rational.of(Number(s === symbol))),
  );
  const A = doubleIntervals;
  const scores = outputIn(A, network, output, rows);
  const right = symbols[before + 1];
  const margins = scores.flatMap((score, s) => (s === right ? [] : [A.upper(A.sub(scores[right], score))]));
  const hi = margins.every((one) => one !== null) ? margins.map((one) => one!).reduce((a, b) => a.min(b)) : null;
  if (!hi) return [];
  const lead = `${output}[${right + 1}] - max_{s in 1..${m} except ${right + 1}}(${output}[s])`;
  return [
    mint({
      ...{ rule: instanceRule, id: 'witness', network, domain: null, found: null, enclosure: { lo: null, hi } },
      ...certified(({ lo }) => ({
        ...{ kind: 'instance', text: `${prefixText(network, {})}${lead} >= ${lo ?? hi}` },
        ...{ point: { [attributes.name]: rows.map(String) }, holds: !lo || lo.le(hi) },
      })),
      says: attained(marginSentence(output, null), { lo: null, hi }, `the sequence ${symbols.join(' ')}`),
      at: { sequence: symbols.join(' '), margin: toDecimal(hi, 12, 'up') },
    }),
  ];
}

/** A claim that the margin is positive is certified by a short number below the margin. */
function stated(lo: Rational | null, shown: Rational): Rational {
  return lo && lo.sign() > 0 ? lo : shown;
}

const SEQUENCES = 'for all sequences of symbols, given as a row of zeros and their unit vectors,';

/** The margin of the symbol that followed the latest earlier occurrence of the last one. */
export function marginSentence(output: string, least: Rational | null, strict = false): Sentence {
  return special(
    `${SEQUENCES} whose last symbol occurs before: the score '${output}' of the symbol that follows its latest earlier occurrence less any other score`,
    { lo: least, strict },
    `\\min_\\sigma \\big(y_{a(\\sigma)} - \\max_{s \\ne a(\\sigma)} y_s\\big)`,
  );
}

/** What no score exceeds where the last symbol is new. */
export function absentSentence(output: string, most: Rational | null): Sentence {
  return special(
    `${SEQUENCES} whose last symbol does not occur before: the largest |score| of '${output}'`,
    { hi: most },
    '\\max_s |y_s|',
  );
}

/** n e^{-x}, rounded up. */
function exponential(x: Rational, n: number): Rational {
  const A = ballIntervals(BITS);
  return A.upper(A.mul(A.of(Rational.of(n)), A.exp(A.of(x.neg()))))!;
}

/** Entries of a row may be off by the largest difference within it and 0. */
function spread(rows: RationalMatrix): Rational {
  return rows.reduce((most, row) => {
    const all = [...row, Rational.zero];
    return most.max(all.reduce((a, b) => a.max(b)).sub(all.reduce((a, b) => a.min(b))));
  }, Rational.zero);
}

/** The least by which the diagonal entry is above the others of its row, and above 0 for the start token. */
function separation(rows: RationalMatrix, withStart: boolean): Rational {
  const gaps = rows.flatMap((row, a) => {
    const others = row.filter((_, s) => s !== a);
    return [...others, ...(withStart ? [Rational.zero] : [])].map((entry) => row[a].sub(entry));
  });
  return gaps.reduce((a, b) => a.min(b));
}

function widest(rows: RationalMatrix): Rational {
  return rows.reduce((most, row) => most.max(range(row)), Rational.zero);
}

function range(row: readonly Rational[]): Rational {
  return row.reduce((a, b) => a.max(b)).sub(row.reduce((a, b) => a.min(b)));
}

function leastStep(bias: readonly Rational[]): Rational {
  return bias.slice(1).reduce((least, entry, j) => least.min(entry.sub(bias[j])), bias[1].sub(bias[0]));
}
