/**
 * Targets of the state-space theorems: impulse responses rho(t) = sum_i alpha_i lam_i^t, given by poles and residues in
 * the instance, in a CSV file, or drawn from the seed.
 *
 * Drawn poles are distinct multiples of 1/1000 in (-1, 1) other than 0, drawn residues multiples of bound/1000 in
 * [-bound, bound].
 */
import { resolve } from 'node:path';
import {
  type Cell,
  complexes,
  Gaussian,
  InputError,
  integer,
  type Located,
  type LocatedNumber,
  optional,
  type Parameter,
  type Place,
  parseGaussian,
  parseRational,
  placed,
  Rational,
  readTable,
  type Surroundings,
  text,
} from '../src/index.js';
import type { Mode } from './deep-ssm.js';
import { fitResponse } from './fit-response.js';

/** Largest number of poles: an audit's time grows with the cube of it. */
export const MOST_POLES = 999;

/** Number of layers and width. */
export const depthParameter = integer('number of layers', { min: 1, max: MOST_POLES });
export const widthParameter = integer('width: number of states of a layer', { min: 1, max: MOST_POLES });

const LIST = 'a list of complex numbers such as [1/2, 0.8+0.1i]';

/** Parameters that give a target; all of them may be left out. */
export const targetParameters = {
  poles: optional(complexes('poles lam_i of the target, |lam_i| < 1', LIST), 'drawn from the seed'),
  residues: optional(complexes('residues alpha_i, one per pole', LIST), 'drawn from the seed'),
  data: optional(
    text(
      'poles and residues in a file, in place of the two lists',
      'the path of a .csv file with columns pole, residue',
    ),
    'no file',
  ),
  response: optional(
    text(
      'measured impulse response, to be fitted, in place of poles and residues',
      'the path of a .csv file with the column value',
    ),
    'no file',
  ),
  length: optional(integer('time steps of an input of the network', { min: 1, max: 1 << 20 }), '256') as Parameter<
    number | undefined
  >,
};

/** Time steps of the network unless the instance says otherwise. */
export const DEFAULT_LENGTH = 256;

export interface TargetParams {
  readonly poles: readonly LocatedNumber[] | undefined;
  readonly residues: readonly LocatedNumber[] | undefined;
  readonly data: Located | undefined;
  readonly response?: Located | undefined;
}

/** The measured impulse response that the instance names; undefined when it names none. */
export function readResponse({ response }: TargetParams, { directory }: Surroundings): Rational[] | undefined {
  if (!response) return undefined;
  const rows = placed(response.place, () => readTable(resolve(directory, response.text), ['value']));
  return rows.map(({ value }) => placed(value.place, () => parseRational(value.text)));
}

/**
 * The target's modes. Throws InputError for a pole of modulus 1 or more, a residue of modulus above `bound`, residues
 * that do not match the poles in number, and, through `checkCount`, another number of poles than the theorem has.
 */
export function readTarget(
  params: TargetParams,
  surroundings: Surroundings,
  options: { bound: Rational; boundName: string; drawn: number; checkCount(count: number, place: Place): void },
): Mode[] {
  const { poles, residues, data, response } = params;
  const { directory, seed } = surroundings;
  const { bound, boundName, drawn, checkCount } = options;
  const random = generator(seed);
  if (drawn > MOST_POLES) {
    throw new InputError({ field: 'm', found: `l and m for N = ${drawn} poles`, allowed: `at most ${MOST_POLES}` });
  }
  if (response) return readFit(params, surroundings, options);
  const list = data ? readModes(resolve(directory, data.text), data, poles ?? residues) : pair(poles, residues);
  const modes = list ?? drawPoles(drawn, random).map((value) => ({ pole: { value, place: {} } }));
  if (modes.length === 0) throw new InputError({ field: 'poles', found: 'no poles', allowed: 'at least one' });
  checkCount(modes.length, data ? { ...data.place, field: 'data' } : { ...poles?.[0]?.place, field: 'poles' });
  return modes.map(({ pole, residue }: LocatedMode) => {
    const alpha = residue ?? { value: new Gaussian(bound.mul(draw(random))), place: {} };
    checkPole(pole);
    checkResidue(alpha, bound, boundName);
    return { pole: pole.value, residue: alpha.value };
  });
}

/** A fit to the measured response, as many modes as are drawn otherwise. */
function readFit(
  params: TargetParams,
  surroundings: Surroundings,
  { bound, boundName, drawn }: { bound: Rational; boundName: string; drawn: number },
): Mode[] {
  const { place } = params.response!;
  if (params.poles ?? params.residues ?? params.data) {
    throw new InputError({ ...place, found: 'a measured response beside poles', allowed: 'one of the two' });
  }
  const modes = placed(place, () => fitResponse(readResponse(params, surroundings)!, drawn));
  for (const { residue } of modes) checkResidue({ value: residue, place }, bound, boundName);
  return modes;
}

/** Says which numbers of poles l layers of width m have, and the nearest widths. */
export function expectPoles(count: number, expected: number, l: number, formula: string, place: Place): void {
  if (count === expected) return;
  const offset = expected - 1 - l * Math.floor((expected - 1) / l);
  const width = Math.max(1, Math.round((count - 1 - offset) / l) + 1);
  throw new InputError({
    ...place,
    found: `N = ${count} poles`,
    allowed: `N = ${formula} = ${expected}`,
    mend: `the nearest N for l = ${l} is ${l * (width - 1) + 1 + offset}, with m = ${width}`,
  });
}

interface LocatedMode {
  readonly pole: LocatedNumber;
  readonly residue?: LocatedNumber;
}

function pair(
  poles: readonly LocatedNumber[] | undefined,
  residues: readonly LocatedNumber[] | undefined,
): LocatedMode[] | undefined {
  if (!poles) {
    if (!residues) return undefined;
    throw new InputError({ field: 'residues', found: 'residues without poles', allowed: 'one residue per pole' });
  }
  if (residues && residues.length !== poles.length) {
    const found = `${residues.length} residues for ${poles.length} poles`;
    throw new InputError({ ...residues[0]?.place, field: 'residues', found, allowed: 'one residue per pole' });
  }
  return poles.map((pole, k) => ({ pole, residue: residues?.[k] }));
}

function readModes(path: string, { place }: Located, others: unknown): LocatedMode[] {
  if (others) {
    const found = 'a file and a list of poles or residues';
    throw new InputError({ ...place, field: 'data', found, allowed: 'one of the two' });
  }
  const number = ({ text, place }: Cell): LocatedNumber => ({ value: placed(place, () => parseGaussian(text)), place });
  return placed(place, () => readTable(path, ['pole', 'residue'])).map(({ pole, residue }) => ({
    pole: number(pole),
    residue: number(residue),
  }));
}

/** Throws InputError for a pole of modulus 1 or more. */
export function checkPole({ value, place }: LocatedNumber): void {
  if (value.squaredModulus().lt(Rational.one)) return;
  throw new InputError({
    field: 'poles',
    ...place,
    found: `the pole ${value} of modulus ${value.squaredModulus().equals(Rational.one) ? '1' : 'above 1'}`,
    allowed: '|lam| < 1: the model must be stable',
  });
}

function checkResidue({ value, place }: LocatedNumber, bound: Rational, name: string): void {
  if (value.squaredModulus().le(bound.mul(bound))) return;
  throw new InputError({
    field: 'residues',
    ...place,
    found: `the residue ${value}`,
    allowed: `|alpha| <= ${name} = ${bound}`,
    mend: 'make c1 larger or the residue smaller',
  });
}

function drawPoles(count: number, random: () => number): Gaussian[] {
  const numerators = new Set<number>();
  while (numerators.size < count) {
    const numerator = Math.floor(random() * 1999) - 999;
    if (numerator !== 0) numerators.add(numerator);
  }
  return [...numerators].map((numerator) => new Gaussian(Rational.of(numerator, 1000)));
}

/** A multiple of 1/1000 in [-1, 1]. */
function draw(random: () => number): Rational {
  return Rational.of(Math.floor(random() * 2001) - 1000, 1000);
}

/** The Lehmer generator x <- 48271 x mod 2^31 - 1 (Park and Miller 1993), as numbers in (0, 1). */
function generator(seed: number): () => number {
  let state = (Math.abs(Math.trunc(seed)) % 0x7ffffffe) + 1;
  const next = () => {
    state = (state * 48271) % 0x7fffffff;
    return state / 0x7fffffff;
  };
  next();
  return next;
}
