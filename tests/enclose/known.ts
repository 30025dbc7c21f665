import { type Domain, domain } from '../../src/enclose/box.js';
import type { Supremum } from '../../src/enclose/supremum.js';
import { approximate } from '../../src/numbers/convert.js';
import { parseRational } from '../../src/numbers/parse.js';
import { Rational } from '../../src/numbers/rational.js';

/** A supremum over a box that mathematics knows: exactly, or to the digits of mpmath that are written here. */
export interface Known {
  readonly title: string;
  /** In x, y, z; with several, the supremum of the largest. */
  readonly functions: readonly string[];
  /** Two ends for each variable, as texts of rationals. */
  readonly box: readonly (readonly [lo: string, hi: string])[];
  readonly supremum: string;
  /** Whether `supremum` is exact; otherwise its last digit may be off by one. */
  readonly exact: boolean;
  /** How far apart the bounds may end. */
  readonly width?: string;
}

export const KNOWN: readonly Known[] = [
  { title: 'a parabola', functions: ['x*(1-x)'], box: [['0', '1']], supremum: '1/4', exact: true },
  {
    title: 'a parabola that rises on the box',
    functions: ['x*(1-x)'],
    box: [['1/7', '1/3']],
    supremum: '2/9',
    exact: true,
  },
  {
    title: 'an affine function',
    functions: ['x - 2*y'],
    box: [
      ['1/3', '2/3'],
      ['1/7', '1'],
    ],
    supremum: '8/21',
    exact: true,
  },
  { title: 'a constant', functions: ['5/7'], box: [['0', '1']], supremum: '5/7', exact: true },
  {
    title: 'a constant that is irrational',
    functions: ['exp(1)'],
    box: [['0', '1']],
    supremum: '2.718281828459045235360287471352',
    exact: false,
  },
  {
    title: 'a cubic',
    functions: ['x - x^3'],
    box: [['-1', '1']],
    supremum: '0.384900179459750509672765853667',
    exact: false,
  },
  {
    title: 'a monotone function between thirds',
    functions: ['x*exp(-x)'],
    box: [['1/3', '2/3']],
    supremum: '0.342278079355061351247990950751',
    exact: false,
  },
  { title: 'a sine whose maximum is 1', functions: ['sin(3*x)'], box: [['1/3', '2/3']], supremum: '1', exact: true },
  { title: 'a cosine that is largest at an end', functions: ['cos(x)'], box: [['0', '1']], supremum: '1', exact: true },
  {
    title: 'a damped wave',
    functions: ['exp(-x)*sin(3*x)'],
    box: [['0', '1']],
    supremum: '0.625609534919025145250334447875',
    exact: false,
  },
  {
    title: 'tanh against a parabola',
    functions: ['tanh(x) - x^2/4'],
    box: [['-1', '3']],
    supremum: '0.514369539248709991894356306162',
    exact: false,
  },
  {
    title: 'a function with a logarithm',
    functions: ['-x*log(x)'],
    box: [['1/100', '2/3']],
    supremum: '0.367879441171442321595523770161',
    exact: false,
  },
  {
    title: 'a root at the end of its domain',
    functions: ['1 - sqrt(x)'],
    box: [['0', '1']],
    supremum: '1',
    exact: true,
  },
  { title: 'a kink', functions: ['abs(x - 1/3)'], box: [['0', '1']], supremum: '2/3', exact: true },
  {
    title: 'a peak that is a kink',
    functions: ['1/3 - abs(x - 1/7)'],
    box: [['0', '1']],
    supremum: '1/3',
    exact: true,
  },
  { title: 'a plateau', functions: ['min(x, 1/2)'], box: [['0', '1']], supremum: '1/2', exact: true },
  {
    title: 'a plateau in the plane',
    functions: ['min(x + y, 3/4) - max(x - 1/2, 0)'],
    box: [
      ['0', '1'],
      ['0', '1'],
    ],
    supremum: '3/4',
    exact: true,
  },
  {
    title: '0, attained on a line',
    functions: ['-abs(x - y)'],
    box: [
      ['0', '1'],
      ['0', '1'],
    ],
    supremum: '0',
    exact: true,
    width: '1/50',
  },
  {
    title: '0, attained on a parabola',
    functions: ['-(x - y^2)^2'],
    box: [
      ['0', '1'],
      ['0', '1'],
    ],
    supremum: '0',
    exact: true,
    width: '1/1000',
  },
  { title: '0 everywhere', functions: ['max(x, 0) - x'], box: [['0', '1']], supremum: '0', exact: true },
  {
    title: 'a polynomial of the plane, largest where no dyadic number is',
    functions: ['x*y*(1 - x - y)'],
    box: [
      ['0', '1'],
      ['0', '1'],
    ],
    supremum: '1/27',
    exact: true,
  },
  {
    title: 'a bump at a rational point',
    functions: ['exp(-(x - 1/3)^2 - (y - 1/7)^2)'],
    box: [
      ['0', '2/3'],
      ['-1/3', '1'],
    ],
    supremum: '1',
    exact: true,
  },
  {
    title: 'a function of three variables',
    functions: ['z*sin(x) - z^2/2 + y*(1 - y)'],
    box: [
      ['1', '2'],
      ['1/3', '1'],
      ['0', '2'],
    ],
    supremum: '3/4',
    exact: true,
    width: '1e-5',
  },
  {
    title: 'a sum of three variables that is monotone in each',
    functions: ['exp(x - y) + z/(1 + x)'],
    box: [
      ['1/3', '2/3'],
      ['0', '1/3'],
      ['-1', '-1/2'],
    ],
    supremum: '1.647734041054675856639021207928',
    exact: false,
    width: '1e-9',
  },
  {
    title: 'a product that no double holds',
    functions: ['sqrt(x)*y*z'],
    box: [
      ['1/4', '1'],
      ['1/2', '1073741825/1073741824'],
      ['1/2', '1073741825/1073741824'],
    ],
    supremum: '1152921506754330625/1152921504606846976',
    exact: true,
  },
  {
    title: 'a quotient that no double holds',
    functions: ['sqrt(x)/y'],
    box: [
      ['1/4', '1'],
      ['3', '4'],
    ],
    supremum: '1/3',
    exact: true,
  },
  {
    title: 'a degenerate box',
    functions: ['x^2 - y'],
    box: [
      ['1/3', '1/3'],
      ['0', '1'],
    ],
    supremum: '1/9',
    exact: true,
  },
  {
    title: 'the larger of two functions',
    functions: ['x^2 - 1/3', '1/2 - x'],
    box: [['0', '1']],
    supremum: '2/3',
    exact: true,
  },
  {
    title: 'the gap of the soft minimum at T = 10^6',
    functions: ['999999*x*exp(-x)/(1 + 999999*exp(-x))'],
    box: [['0', '40']],
    supremum: '10.467257505719827955550588255436',
    exact: false,
  },
  {
    title: 'the gap of the soft minimum on a box of radius 1e-6 around its maximum',
    functions: ['255*x*exp(-x)/(1 + 255*exp(-x))'],
    box: [['4.336376813597998', '4.336378813597998']],
    supremum: '3.336377813597998408195190071192',
    exact: false,
  },
];

export const NAMES = ['x', 'y', 'z'];
export const relativeWidth = Rational.of(1, 10 ** 10);

export function boxOf(sides: Known['box']): Domain {
  return domain(sides.map(([lo, hi], i) => ({ variable: NAMES[i], lo: parseRational(lo), hi: parseRational(hi) })));
}

/** What is wrong with an enclosure of a supremum that is known; no slack but the digits that are not written. */
export function knownFailure({ title, supremum, exact }: Known, found: Supremum): string | undefined {
  const value = parseRational(supremum);
  const unknown = exact ? Rational.zero : Rational.of(1, 10n ** BigInt(supremum.split('.')[1].length));
  if (!found.lo.le(value.add(unknown))) return `${title}: the lower bound ${approximate(found.lo)} is too large`;
  if (found.hi && !value.sub(unknown).le(found.hi))
    return `${title}: the upper bound ${approximate(found.hi)} is too small`;
  return undefined;
}
