import { InputError } from '../../errors.js';
import { Rational } from '../../numbers/rational.js';
import { evaluateTerm, parseTermText } from '../../statement/index.js';
import { certified, type Fact, mint } from '../fact.js';
import { type Bounds, type Sentence, sentence, special } from '../sentence.js';
import type { Rule } from '../step.js';

/**
 * Relations between exact numbers. The normal form of a relation without names computes both sides exactly and brings it
 * to 0 <= c or 0 >= c; what is left to know is that 0 is 0.
 */
const arithmetic: Rule = { id: 'arithmetic', tex: '0 = 0' };

/**
 * The fact that decides every relation between numbers. A certificate states the relations themselves, `relations`, where they
 * are what was claimed and true: both are looked at here, and once more when a certificate is checked (`agreement.ts`).
 */
export function proveArithmetic(relations: readonly Relation[] = []): Fact<null> {
  const holds = relations.length > 0 && sentence(relationsText(relations)).bounds.every(isTrue);
  return mint({
    ...{ rule: arithmetic, id: 'arithmetic', network: null, domain: null, found: null, says: sentence('0 = 0') },
    ...(holds && certified(() => ({ kind: 'arithmetic', relations }))),
  });
}

/** Whether a relation between numbers, in normal form, holds. */
function isTrue({ subject, lo, hi, strict }: Bounds): boolean {
  const isAbove = lo === null || lo.sign() < 0 || (lo.isZero() && !strict?.lo);
  return subject === '0' && isAbove && (hi === null || hi.sign() > 0 || (hi.isZero() && !strict?.hi));
}

type Relation = readonly [left: string, relation: '=' | '<=' | '>=' | '>', right: string];

/** The relations as a text of the language. */
export function relationsText(relations: readonly Relation[]): string {
  return relations.map(([left, relation, right]) => `${left} ${relation} ${right}`).join(' and ');
}

/** A number that a closed term is, exactly, as a quantity of its own. Throws InputError where it is not rational. */
export function proveNumber(text: string): Fact<Rational> {
  const value = evaluateTerm(parseTermText(text), () => []);
  if (!value.lo.equals(value.hi)) throw new InputError({ found: text, allowed: 'a rational number' });
  return mint({
    ...{ rule: arithmetic, id: 'number', network: null, domain: null, found: value.lo, enclosure: value },
    says: numberSentence(text, { lo: value.lo, hi: value.lo }),
    ...certified(({ lo }) => {
      const [bound, isStrict] = lo && lo.sign() > 0 ? [lo, false] : [Rational.zero, true];
      const holds = isStrict ? bound.lt(value.lo) : bound.le(value.lo);
      const relation: Relation = holds ? [text, isStrict ? '>' : '>=', `${bound}`] : [text, '=', `${value.lo}`];
      return { kind: 'arithmetic', relations: [relation] };
    }),
  });
}

/** `text` is between two numbers. */
export function numberSentence(text: string, bounds: Parameters<typeof special>[1]): Sentence {
  return special(text, bounds, text);
}
