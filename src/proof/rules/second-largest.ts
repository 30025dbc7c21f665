import { type AffineForm, addForms, scaleForm } from '../../evaluate/affine.js';
import { compile, convert } from '../../evaluate/evaluate.js';
import { intervals } from '../../evaluate/intervals.js';
import { between } from '../../network/cut.js';
import type { Network, Node } from '../../network/network.js';
import { sizes } from '../../network/shape.js';
import { tensor } from '../../network/tensor.js';
import type { Arithmetic } from '../../numbers/arithmetic.js';
import { Rational } from '../../numbers/rational.js';
import { derive } from '../derivation.js';
import { mint, type Outcome, open } from '../fact.js';
import { approximated } from '../propositions/approximation.js';
import { deviationSentence, type Sentence } from '../sentence.js';
import type { Rule } from '../step.js';
import { proveAffineIdentity } from './affine-identity.js';
import { type AlikeQueries, alikeValues, readAlikeQueries } from './alike-queries.js';
import { attainedAt, outputIn } from './input-value.js';
import { inputFacts, setText } from './inputs.js';
import { congruence, lemmaRule, proveByLemma } from './lemma.js';
import { seemingMaximum } from './maximum-head.js';
import { gapOf } from './soft-minimum.js';
import { entriesOf, indices, numberNamed, tensorNamed } from './tensors.js';
import { tiedLoss, tiedMaximum } from './tied-maximum.js';

/**
 * The second largest of T numbers in [0, 1] by two layers of one head each, ties included.
 *
 * Layer 1 gives every token the soft maximum m_t of the others, an exact minimum min(x_t, m_t), layer 2 the soft maximum of
 * these. x_(2) = max_t min(x_t, max_{s != t} x_s), and min and max are 1-Lipschitz, so the errors of the two layers add up;
 * the two largest tokens both have min(x_t, m_t) >= x_(2) - the error of m, a tie of two, at which layer 2 loses less.
 */
const secondLargest: Rule = { id: 'second-largest', tex: '|y - x_{(2)}| \\le e_1 + e_2' };

/** The names of the tensors between the two layers. */
interface SecondLargestNames {
  readonly others: string;
  readonly smaller: string;
}

/** max_t min(x_t, max_{s != t} x_s) of an input x [T, 1], as certificates write it. */
export function secondLargestText(T: number): string {
  return `max_{t in 1..${T}}(min(x[t,1], max_{s in 1..${T} except t}(x[s,1])))`;
}

/** |y - x_(2)| <= most for every x in [0, 1]^T. */
export function secondLargestSentence(
  network: Network,
  output: string,
  T: number,
  bounds: Parameters<typeof deviationSentence>[3],
): Sentence {
  const [input] = network.inputs;
  const domain = `${input.attributes.name} in ${setText(input, ['0', '1'])}`;
  return deviationSentence(domain, output, secondLargestText(T), bounds);
}

/** Applies the rule to a network of one input [T, 1]; with the error at the given inputs. */
export function proveSecondLargest(
  network: Network,
  output: string,
  { others, smaller }: SecondLargestNames,
  points: readonly (readonly Rational[])[],
): readonly Outcome[] {
  const [input] = network.inputs;
  const y = network.outputs.find(({ name }) => name === output)?.node;
  const says = 'the two layers find the second largest entry';
  if (input?.attributes.name !== 'x' || network.inputs.length > 1 || !y || entriesOf(y) > 1)
    return [open(secondLargest, 'composition', says, `it does not map one input x to one number '${output}'`)];
  const T = sizes(input.shape)[0];
  const domain = { x: ['0', '1'] } as const;
  const target = secondLargestText(T);
  const compared = { network, output, domain, target, about: secondLargestSentence(network, output, T, null) };
  const alike = network.find(others) ? readAlikeQueries(input, network.find(others)!) : null;
  const attained = points.flatMap((x) => {
    const valueIn = <I>(A: Arithmetic<I>) =>
      (alike && throughQueries(A, network, output, network.find(others)!, alike, x)) ??
      outputIn(A, network, output, x)[0];
    return attainedAt(compared, x, secondOf(x), valueIn);
  });
  const { outcomes } = derive({ rule: lemmaRule, id: 'heads', statement: says }, (take) => {
    const least = take(proveMinima(network, ['x', others], smaller));
    const [middle, pair] = [others, smaller].map((name) => tensorNamed(network, name));
    const [first, second] = [seemingMaximum(input, middle), seemingMaximum(pair, y)];
    const [itself, ...ranges] = inputFacts(network, [Rational.zero, Rational.one], true);
    const base = { network, domain: itself.domain, found: null };
    const tokens = indices(T).map((t) => t + 1);
    const own = take(
      proveByLemma(network, 'gated-maximum', {
        ...{ id: `${others}.maximum`, says: `'${others}' holds soft maxima of the others` },
        ...{ domain: itself.domain, inputs: domain, each: tokens },
        sets: { I: { except: 'k', of: tokens }, O: 'k' },
        functions: {
          psi: { node: input, first: 0, stride: 1 },
          rho: [
            [Rational.zero, { except: 'k', of: tokens }],
            [first.gate, 'k'],
          ],
        },
        numbers: {
          ...{ beta: first.beta, a: Rational.zero, w: Rational.one, g: first.gate },
          lambda: gapOf(T - 1),
        },
        ...{ entries: { y: [middle, 0] }, ranges, isInside: true },
      }),
    );
    const layer = mint({
      ...{ ...base, rule: congruence, id: others, premises: [own, itself] },
      says: `'${others}' holds soft maxima of the others, against their maxima`,
      enclosure: own.enclosure,
    });
    const pairs = mint({
      ...{ ...base, rule: secondLargest, id: smaller, premises: [itself, layer, least] },
      says: `'${smaller}' holds min(x_t, '${others}'_t)`,
    });
    const maximum = take(
      proveByLemma(network, 'soft-maximum', {
        ...{ id: 'maximum', says: `'${output}' is a soft maximum of '${smaller}'` },
        ...{ domain: itself.domain, inputs: domain, sets: { I: tokens } },
        functions: { psi: { node: pair, first: 0, stride: 1 } },
        numbers: { beta: second.beta, lambda: gapOf(T) },
        ...{ entries: { y: [y, 0] }, isInside: true },
      }),
    );
    const lost = own.found.lo.neg();
    const tied = tiedLoss(T, 2, second.beta);
    const [above, below] = [own.found.hi.add(maximum.found.hi), lost.add(maximum.found.lo.neg().min(tied))];
    // A checker adds the errors of the two layers up, and does not know of the tie.
    const sum = above.max(lost.sub(maximum.found.lo));
    const conclusion = approximated({ output, domain, target }, { lo: sum.neg(), hi: sum });
    const top = take(
      mint({
        ...{ ...base, rule: secondLargest, id: 'sum', premises: [maximum, pairs] },
        says: secondLargestSentence(network, output, T, { lo: sum.neg(), hi: sum }),
        enclosure: { lo: sum.neg(), hi: sum },
        evidence: (_, claimed) => {
          const { lo, hi } = conclusion(claimed);
          const [lambda, last] = [T - 1, T].map((tokens) => `${gapOf(tokens)}`);
          const places = { others: numberNamed(network, others), smaller: numberNamed(network, smaller) };
          return { output, ...places, domain, lambda, last, lo, hi };
        },
        conclusion,
      }),
    );
    take(
      mint({
        ...{ ...base, rule: tiedMaximum, id: 'tie', premises: [top] },
        says: secondLargestSentence(network, output, T, { lo: below.neg(), hi: above }),
        enclosure: { lo: below.neg(), hi: above },
      }),
    );
  });
  return [...outcomes, ...attained];
}

/** The output at a point, the first layer by kinds of tokens; null where there are many, or y depends on more than the two. */
function throughQueries<I>(
  A: Arithmetic<I>,
  network: Network,
  output: string,
  others: Node,
  alike: AlikeQueries,
  x: readonly Rational[],
): I | null {
  const found = alikeValues(A, alike, x);
  if (!found) return null;
  const [input] = network.inputs;
  const { node } = network.outputs.find(({ name }) => name === output)!;
  const given = { [input.name]: convert(tensor(sizes(input.shape), x), A), [others.name]: found };
  const [y] = Object.values(compile(between([input, others], [node]), intervals(A))(given));
  return y.dense(A.zero)[0];
}

/** Entry t of `target` is the smaller of the entries t of two columns: min(a, b) = a - relu(a - b), for either as a. */
function proveMinima(network: Network, columns: readonly [string, string], target: string): Outcome<null> {
  const [a, b] = columns;
  const from = columns.flatMap((column) => network.find(column) ?? []);
  const shape = from.length > 0 ? [sizes(from[0].shape)[0], 1] : [];
  const place = {
    id: `${target}.minimum`,
    statement: `entry t of '${target}' is the smaller of those of '${a}' and '${b}'`,
  };
  const less = (p: AffineForm, q: AffineForm) => addForms(p, scaleForm(q, Rational.of(-1)));
  const [first, second] = [columns, [b, a]].map(([p, q]) =>
    proveAffineIdentity(
      network,
      target,
      { shape, entry: (t, input, atoms) => less(input(p, t), atoms.apply('relu', [less(input(p, t), input(q, t))])) },
      { ...place, from },
    ),
  );
  return first.kind === 'fact' ? first : second;
}

function secondOf(x: readonly Rational[]): Rational {
  return [...x].sort((a, b) => b.compare(a))[1];
}
