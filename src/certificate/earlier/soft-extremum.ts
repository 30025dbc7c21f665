import { hold, spend } from '../../checker/budget.js';
import { rangeOf } from '../../checker/fact.js';
import { type Form, single } from '../../checker/forms.js';
import { Fraction } from '../../checker/fraction.js';
import * as I from '../../checker/interval.js';
import type { Session } from '../../checker/session.js';
import type { Side } from '../../checker/side.js';
import { ranges } from '../../checker/term-expressions.js';
import { rangesText } from '../../statement/ranges.js';
import { secondLargest } from './second-largest.js';
import { type EarlierStep, type Translate, Untranslated } from './translation.js';

type Extremum = 'min' | 'max';

/** Means over tokens, each against the extremum of those inside. */
interface SoftData {
  /** Entries of the node `of`, one for each token. */
  readonly of: number;
  readonly entries: string;
  /** One entry of `node` with the places of the tokens inside, or several. */
  readonly node: number;
  readonly entry?: number;
  readonly inside?: string;
  readonly heads?: readonly (readonly [entry: number, inside: string])[];
  readonly lambda: string;
}

/** A mean of values psi by the weights softmax(-beta (psi + rho)), or softmax(beta (psi - rho)). */
interface Mean {
  readonly name: Extremum;
  /** As a lemma of the book is told of it. */
  readonly psi: object;
  readonly beta: Fraction;
  /** rho, the least of them 0. */
  readonly gates: readonly Fraction[];
  readonly inside: readonly number[];
  readonly lambda: string;
  /** Where psi lies, if that is known. */
  readonly range: Side | null;
}

/**
 * A mean against the extremum of values by a lemma of the book, and against that of their targets by congruence. Premises: bounds of
 * the values against targets, and where they lie, if tokens are gated.
 */
export function softExtremum(name: Extremum): Translate {
  return (claim, step) => {
    const { of, node, entries, entry, inside, heads = [[entry!, inside!] as const], lambda } = softDataOf(step);
    const [value, area] = step.premises;
    if (claim.step(value).rule === 'pointwise-minimum') return secondLargest(claim, step);
    const values = claim.renew(value);
    const known = area === undefined ? null : claim.renew(area);
    const tokens = ranges(entries);
    const range = known && rangeOf(tokens.map((at) => claim.bound(known, of, at)));
    const shared = { name, psi: evenlySpaced(of, tokens), lambda, range };
    return heads.flatMap(([at, open], k) => {
      const id = heads.length === 1 ? step.id : `${step.id}.${k + 1}`;
      const mean = { ...shared, inside: ranges(open), ...softmaxOf(claim.session, name, of, tokens, [node, at]) };
      const apply = (suffix: string, lemma: object) => {
        const data = { ...lemma, where: { y: [node, at] } };
        return claim.write({ id: `${id}.${suffix}`, rule: 'lemma', premises: known ?? values, data });
      };
      const soft = apply('soft', softnessOf(mean));
      const bound = claim.write({ id, rule: 'congruence', premises: [...soft, ...values], data: {} });
      // A readout is bounded where the means lie; that was part of their bounds and is a conclusion of its own.
      const isRead = range !== null && claim.isUsedBy('composed-readout', step.id);
      return isRead ? [...bound, ...apply('range', { ...gated(mean, range), conclusion: 1 })] : bound;
    });
  };
}

function softDataOf({ data }: EarlierStep): SoftData {
  return data as unknown as SoftData;
}

/** Entries of a node as a function of a lemma. */
function evenlySpaced(node: number, entries: readonly number[]): object {
  const [first, second = first + 1] = entries;
  const stride = second - first;
  if (entries.some((at, t) => at !== first + t * stride)) throw new Untranslated('the entries are not evenly spaced');
  return { node, first, stride };
}

/** The lemma that says how far a mean is from the extremum. */
function softnessOf(mean: Mean): object {
  const { name, psi, beta, gates, inside, lambda, range } = mean;
  if (inside.length < gates.length) {
    if (range === null) throw new Untranslated('the range of the values is not known');
    return gated(mean, range);
  }
  const tokens = { I: tokensAt(inside), psi, beta: `${beta}` };
  const n = inside.length - 1;
  const w = range ? range.hi.sub(range.lo) : null;
  if (range && w && name === 'min' && isNarrow(n, beta.mul(w))) {
    return { lemma: 'soft-minimum-in-range', with: { ...tokens, a: `${range.lo}`, w: `${w}`, n: `${n}` } };
  }
  return { lemma: name === 'min' ? 'soft-minimum' : 'soft-maximum', with: { ...tokens, lambda } };
}

/** Whether u - 1 <= n e^-u: then a soft minimum in a range of u/beta is nearer than that of any numbers. */
function isNarrow(n: number, u: Fraction): boolean {
  const decay = I.exp(I.interval(u.neg()));
  return decay !== null && u.sub(Fraction.one).le(I.lower(I.mul(I.interval(Fraction.of(n)), decay)));
}

/** The lemma about means of which some tokens are gated; it may be none. */
function gated({ name, psi, beta, gates, inside, lambda }: Mean, { lo, hi }: Side): object {
  const width = hi.sub(lo);
  const isInside = new Set(inside);
  const outside = [...gates.keys()].filter((t) => !isInside.has(t));
  const least = outside.map((t) => gates[t]).reduce((a, b) => a.min(b), gates[outside[0]] ?? width);
  const pieces = new Map<string, number[]>();
  for (const [t, gate] of gates.entries()) {
    const text = `${gate}`;
    if (!pieces.get(text)?.push(t)) pieces.set(text, [t]);
  }
  return {
    lemma: name === 'min' ? 'gated-minimum' : 'gated-maximum',
    with: {
      ...{ I: tokensAt(inside), O: tokensAt(outside), psi },
      rho: [...pieces].map(([gate, at]) => [gate, tokensAt(at)]),
      ...{ beta: `${beta}`, a: `${lo}`, w: `${width}`, g: `${least}`, lambda },
    },
  };
}

/** Tokens count from 1 in lemmas. */
function tokensAt(places: readonly number[]): string {
  return rangesText(places.map((t) => t + 1));
}

/** Reads an entry as sum_t p_t psi_t, the p_t being one softmax of logits -beta psi_t + c_t, or beta psi_t + c_t. */
function softmaxOf(
  session: Session,
  name: Extremum,
  of: number,
  tokens: readonly number[],
  [node, at]: readonly [node: number, entry: number],
) {
  spend(100 * tokens.length);
  hold(200 * tokens.length);
  const { atoms } = session;
  const form = session.between([of], node).forms[at];
  const psi = tokens.map((token) => single(atoms.given(of, token)));
  if (tokens.length === 1 && single(form) === psi[0]) return { beta: Fraction.one, gates: [Fraction.zero] };
  const values = new Set(psi);
  const logits = new Map<number, Form>();
  for (const number of form.terms.keys()) {
    const product = atoms.get(number);
    if (product.kind !== 'product') throw new Untranslated('a term is no product');
    const factors = product.of.map(single);
    const value = factors.find((factor) => values.has(factor));
    const weight = factors.map((factor) => atoms.get(factor)).find((atom) => atom?.kind === 'softmax');
    if (value === undefined || !weight) throw new Untranslated('a term is no weight times a value');
    logits.set(value, weight.row[weight.index]);
  }
  const slope = logits.get(psi[0])?.terms.get(psi[0]) ?? Fraction.zero;
  const beta = name === 'min' ? slope.neg() : slope;
  if (beta.n <= 0n || logits.size < psi.length) throw new Untranslated(`it is no soft ${name}imum`);
  const offsets = psi.map((value) => logits.get(value)!.constant);
  const top = offsets.reduce((a, b) => a.max(b));
  return { beta, gates: offsets.map((offset) => top.sub(offset).div(beta)) };
}
