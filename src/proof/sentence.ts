import { Rational } from '../numbers/rational.js';
import { rememberingRecent } from '../remembering.js';
import { normalForm, parseStatement, printStatement, statementTex } from '../statement/index.js';
import type { Enclosure } from './verdict.js';

/** Which number a relation speaks of, when it is not the value at every input. */
export type Measure = 'sup' | 'sup-abs' | 'inf' | 'value';

/** A relation in normal form: the quantity lies between lo and hi at every input of the domain. */
export interface Bounds {
  /** The quantifiers, conditions and the quantity as a canonical text: equal texts, equal quantities. */
  readonly subject: string;
  readonly lo: Rational | null;
  readonly hi: Rational | null;
  /** Which ends are excluded themselves. */
  readonly strict?: { readonly lo: boolean; readonly hi: boolean };
  /** The quantity as it was written is scale (quantity - centre). */
  readonly scale?: Rational;
  readonly centre?: Rational;
  /** Whether the relation was |u| <= c. */
  readonly isSymmetric?: boolean;
  /** Where that was written as scale (|u| - centre): 2|u| + 1, or -|u|. */
  readonly outer?: { readonly scale: Rational; readonly centre: Rational };
  /** Whether the best bound is asked for. */
  readonly asked?: boolean;
  /** Whether no input changes the quantity. */
  readonly closed?: boolean;
  /** Whether inputs are meant that satisfy conditions, of which there may be none: then everything holds for all of them. */
  readonly conditional?: boolean;
  readonly measure?: 'sup' | 'sup-abs' | 'inf';
}

/** Known to this file alone: a sentence's own constructor makes nothing without it. */
const KEY = Symbol('sentence');
let make: (text: string, tex: string, bounds: readonly Bounds[]) => Sentence;

/**
 * A closed statement about a network. It is read from a text of the language or made by `special`, so that its text, its
 * TeX and what it comes to cannot be at odds.
 */
export class Sentence {
  readonly #genuine = true;

  private constructor(
    key: symbol,
    readonly text: string,
    readonly tex: string,
    readonly bounds: readonly Bounds[],
  ) {
    if (key !== KEY) throw new TypeError('statements are read from texts or made by rules');
    Object.freeze(this);
  }

  static {
    make = (text, tex, bounds) => new Sentence(KEY, text, tex, Object.freeze(bounds.map(frozen)));
  }

  static isGenuine(value: unknown): value is Sentence {
    return typeof value === 'object' && value !== null && #genuine in value;
  }
}

/** Sentences of one text are the same object, so no part of them may be changed. */
function frozen(one: Bounds): Bounds {
  for (const part of [one.strict, one.outer]) Object.freeze(part);
  return Object.freeze({ ...one });
}

Object.freeze(Sentence.prototype);
Object.freeze(Sentence);

/**
 * What a text of the language says. Throws InputError where it does not parse. A name that is none of the network's makes
 * a statement that no fact is about.
 */
export const sentence = rememberingRecent((text: string): Sentence => {
  const statement = parseStatement(text);
  const isClosed = statement.prefix === null;
  const isConditional = (statement.prefix?.conditions.length ?? 0) > 0;
  const bounds = normalForm(statement).map(
    ({ subject, lo, hi, open, asked, isSymmetric, outer, scale, centre }): Bounds => ({
      ...{ subject, lo, hi, isSymmetric, scale, centre },
      ...(outer && { outer }),
      ...(isClosed && { closed: true }),
      ...(isConditional && { conditional: true }),
      ...((open.lo || open.hi) && { strict: open }),
      ...((asked.lo || asked.hi) && { asked: true }),
      ...(!isClosed && asked.lo !== asked.hi && { measure: asked.hi === scale.sign() > 0 ? 'sup' : 'inf' }),
    }),
  );
  return make(printStatement(statement), statementTex(statement), bounds);
});

/** A statement that the language has no words for; for rule files, which say what they prove. */
export function special(
  subject: string,
  { lo = null, hi = null, strict = false, asked = false }: SpecialBounds = {},
  tex = `\\text{${subject.replaceAll(/([_#%&$])/g, '\\$1')}}`,
): Sentence {
  const text = `${subject}${asked ? ' = ?' : relationText(lo, hi, strict)}`;
  return make(text, tex, [
    { subject, lo, hi, closed: true, ...(strict && { strict: { lo: true, hi: true } }), ...(asked && { asked }) },
  ]);
}

export interface SpecialBounds {
  readonly lo?: Rational | null;
  readonly hi?: Rational | null;
  /** Whether the bounds themselves are excluded. */
  readonly strict?: boolean;
  /** Whether the best bounds are asked for. */
  readonly asked?: boolean;
}

function relationText(lo: Rational | null, hi: Rational | null, strict: boolean): string {
  if (lo !== null && hi !== null) return lo.equals(hi) ? ` = ${lo}` : ` is between ${lo} and ${hi}`;
  const or = strict ? '' : '=';
  if (lo !== null) return ` >${or} ${lo}`;
  return hi === null ? '' : ` <${or} ${hi}`;
}

/** A statement without a number: it holds or it does not. */
export function qualitative(subject: string, tex?: string): Sentence {
  const { tex: shown } = special(subject, {}, tex);
  return make(subject, shown, [{ subject, lo: Rational.zero, hi: Rational.zero, closed: true }]);
}

/**
 * At an input, what the first relation of a statement bounds lies between two numbers; a fact of one input says this. The
 * numbers are of the term as it is written, y - f in `y - f <= c`, and not of the quantity in normal form, from which
 * constants have gone. In |u| <= c the sign of u is lost: such a statement is refused.
 */
export function attained(claim: Sentence, { lo, hi }: Enclosure, at: string): Sentence {
  const [{ subject, scale, centre = Rational.zero, isSymmetric }] = claim.bounds;
  if (isSymmetric && scale) throw new Error(`no signed value is attained in '${claim.text}'`);
  const factor = scale ?? Rational.one;
  const normal = (value: Rational | null) => value?.div(factor).add(centre) ?? null;
  const [a, b] = [normal(lo), normal(hi)];
  const ends = factor.sign() < 0 ? { lo: b, hi: a } : { lo: a, hi: b };
  return make(`at ${at}: the term bounded in '${claim.text}' lies between ${lo} and ${hi}`, claim.tex, [
    { subject, ...ends },
  ]);
}

/**
 * The supremum over the domain of the |u| that a statement bounds, or of the u in `u <= ?`, lies between two numbers; u as it is written
 * there, with its factor and its constant. Throws a TypeError for a statement of several relations, or of none like these.
 */
export function supremumSentence(of: Sentence, { lo = null, hi = null }: Pick<SpecialBounds, 'lo' | 'hi'>): Sentence {
  const [{ subject, scale, centre, isSymmetric, outer, measure: asked }, ...others] = of.bounds;
  const measure = asked === 'sup' ? 'sup' : 'sup-abs';
  if ((measure === 'sup-abs' && !isSymmetric) || outer || others.length > 0)
    throw new TypeError(`'${of.text}' is neither of the form |u| <= c nor u <= ?`);
  const u = measure === 'sup' ? 'u' : '|u|';
  const text = `the supremum of the ${u} that '${of.text}' bounds${relationText(lo, hi, false)}`;
  return make(text, of.tex, [{ subject, lo, hi, scale, centre, measure }]);
}

/** The quantity of a special statement lies between two numbers. */
export function within({ bounds: [{ subject }], tex }: Sentence, { lo, hi }: Enclosure): Sentence {
  return special(subject, { lo, hi }, tex);
}

/** It is this number. */
export function exactly(statement: Sentence, value: Rational): Sentence {
  return within(statement, { lo: value, hi: value });
}

/**
 * `for all x in [0, 1]^(8x1): |y - (target)| <= most`, for targets that the language has no words for but certificates
 * have: `target` is the text that stands there.
 */
export function deviationSentence(
  domain: string,
  output: string,
  target: string,
  bounds: Rational | null | { readonly lo: Rational; readonly hi: Rational },
): Sentence {
  const subject = `for all ${domain}: ${output} - (${target})`;
  const tex = `\\sup |${output} - f|`;
  if (bounds === null || bounds instanceof Rational) {
    const ends = bounds === null ? { lo: null, hi: null, asked: true } : { lo: bounds.neg(), hi: bounds };
    const text = `for all ${domain}: |${output} - (${target})| <= ${bounds ?? '?'}`;
    return make(text, tex, [{ subject, ...ends, isSymmetric: true }]);
  }
  const { lo, hi } = bounds;
  return make(`for all ${domain}: ${lo} <= ${output} - (${target}) <= ${hi}`, tex, [{ subject, lo, hi }]);
}

/** The bounds of a relation as they were written, on scale (quantity - centre) and not on the quantity. */
export function writtenEnds({ lo, hi, scale = Rational.one, centre = Rational.zero }: Bounds): Enclosure {
  const written = (end: Rational | null) => end && scale.mul(end.sub(centre));
  const [a, b] = [written(lo), written(hi)];
  return scale.sign() < 0 ? { lo: b, hi: a } : { lo: a, hi: b };
}
