import { InputError, type Place, placed, quote } from '../errors.js';
import { didYouMean } from '../nearest.js';
import { type Gaussian, parseGaussian } from '../numbers/gaussian.js';
import { parseRational } from '../numbers/parse.js';
import { Rational } from '../numbers/rational.js';
import { asList, asText, type Raw } from './raw.js';

/** One parameter of a theorem: how it is read, and how `exhibit show` describes it. */
export interface Parameter<T> {
  readonly meaning: string;
  /** The allowed values, in words. */
  readonly allowed: string;
  /** The default in words when there is one; required otherwise. */
  readonly fallback?: string;
  /** Throws InputError with the place of `raw`. */
  read(raw: Raw): T;
  /** The value when none is given; only with `fallback`. */
  missing?(): T;
  /** As it stands in the JSON result. */
  show(value: T): unknown;
}

export type Parameters = Readonly<Record<string, Parameter<unknown>>>;
export type ValuesOf<P extends Parameters> = { readonly [K in keyof P]: P[K] extends Parameter<infer T> ? T : never };

/** An integer from `min` to `max`. */
export function integer(meaning: string, { min, max }: { min: number; max: number }): Parameter<number> {
  const allowed = `an integer from ${min} to ${max}`;
  return {
    meaning,
    allowed,
    read: (raw) => {
      const value = readNumber(raw, allowed);
      if (!value.isInteger() || value.lt(Rational.of(min)) || Rational.of(max).lt(value)) {
        throw new InputError({ ...raw.place, found: quote(asText(raw, allowed)), allowed });
      }
      return Number(value.num);
    },
    show: String,
  };
}

export interface Range {
  /** Exclusive lower end. */
  readonly above?: string;
  /** Inclusive ends. */
  readonly atLeast?: string;
  readonly atMost?: string;
  /** Exclusive upper end. */
  readonly below?: string;
}

/** An exact number in a range. */
export function rational(meaning: string, range: Range = {}): Parameter<Rational> {
  const allowed = `an exact number${describeRange(range)}`;
  return {
    meaning,
    allowed,
    read: (raw) => {
      const value = readNumber(raw, allowed);
      if (!inRange(value, range)) throw new InputError({ ...raw.place, found: quote(asText(raw, allowed)), allowed });
      return value;
    },
    show: String,
  };
}

/** One of a few words. */
export function choice<const W extends string>(meaning: string, words: readonly W[]): Parameter<W> {
  const allowed = words.join(', ');
  return {
    meaning,
    allowed,
    read: (raw) => {
      const text = asText(raw, allowed);
      const word = words.find((candidate) => candidate === text);
      if (!word) throw new InputError({ ...raw.place, found: quote(text), allowed });
      return word;
    },
    show: String,
  };
}

/** A text with its place: an expression or a path, which the construction reads when it knows the other parameters. */
export type Located = Raw & { readonly kind: 'text' };

export function text(meaning: string, allowed: string): Parameter<Located> {
  return { meaning, allowed, read: (raw) => located(raw, allowed), show: (value) => value.text };
}

/** A list of such texts. */
export function texts(meaning: string, allowed: string): Parameter<readonly Located[]> {
  return {
    meaning,
    allowed,
    read: (raw) => asList(raw, allowed).map((item) => located(item, allowed)),
    show: (values) => values.map((value) => value.text),
  };
}

/** A complex number with its place. */
export interface LocatedNumber {
  readonly value: Gaussian;
  readonly place: Place;
}

/** A list of exact complex numbers such as `[1/2, 0.8+0.1i]`. */
export function complexes(meaning: string, allowed: string): Parameter<readonly LocatedNumber[]> {
  const read = (raw: Raw): LocatedNumber => {
    return placed(raw.place, () => ({ value: parseGaussian(asText(raw, allowed)), place: raw.place }));
  };
  return {
    meaning,
    allowed,
    read: (raw) => asList(raw, allowed).map(read),
    show: (values) => values.map(({ value }) => value.toString()),
  };
}

/** The parameter with a value for when none is given. */
export function withDefault<T>(parameter: Parameter<T>, fallback: string): Parameter<T> {
  const missing = () => parameter.read({ kind: 'text', text: fallback, place: {} });
  return { ...parameter, fallback, missing };
}

/** The parameter or, when it is not given, undefined: then the construction prescribes it, as `prescription` says. */
export function optional<T>(parameter: Parameter<T>, prescription: string): Parameter<T | undefined> {
  return {
    ...parameter,
    fallback: prescription,
    missing: () => undefined,
    show: (value) => (value === undefined ? null : parameter.show(value)),
  };
}

/** Reads all parameters of a theorem. Throws InputError for unknown, missing or bad ones. */
export function readParameters<P extends Parameters>(
  theorem: string,
  parameters: P,
  given: ReadonlyMap<string, Raw>,
  file?: string,
): ValuesOf<P> {
  for (const [name, raw] of given) {
    if (Object.hasOwn(parameters, name)) continue;
    const allowed = Object.keys(parameters).join(', ');
    const found = `unknown parameter ${quote(name)} of ${theorem}`;
    throw new InputError({ ...raw.place, found, allowed, ...didYouMean(name, Object.keys(parameters)) });
  }
  const values = Object.entries(parameters).map(([name, parameter]) => {
    const raw = given.get(name);
    if (raw) return [name, placed({ field: name }, () => parameter.read(raw))];
    if (parameter.missing) return [name, parameter.missing()];
    const mend = `give it as -p ${name}=VALUE or in the instance's params`;
    throw new InputError({
      file,
      field: name,
      found: `${theorem} needs the parameter ${name} (${parameter.meaning})`,
      allowed: parameter.allowed,
      mend,
    });
  });
  return Object.fromEntries(values);
}

function readNumber(raw: Raw, allowed: string): Rational {
  return placed({ ...raw.place }, () => parseRational(asText(raw, allowed)));
}

function located(raw: Raw, allowed: string): Located {
  return { kind: 'text', text: asText(raw, allowed), place: raw.place };
}

function inRange(value: Rational, { above, atLeast, atMost, below }: Range): boolean {
  return !(
    (above !== undefined && value.le(parseRational(above))) ||
    (atLeast !== undefined && value.lt(parseRational(atLeast))) ||
    (atMost !== undefined && parseRational(atMost).lt(value)) ||
    (below !== undefined && parseRational(below).le(value))
  );
}

function describeRange({ above, atLeast, atMost, below }: Range): string {
  const ends = [
    above !== undefined && `above ${above}`,
    atLeast !== undefined && `at least ${atLeast}`,
    below !== undefined && `below ${below}`,
    atMost !== undefined && `at most ${atMost}`,
  ].filter(Boolean);
  return ends.length > 0 ? ` ${ends.join(' and ')}` : '';
}
