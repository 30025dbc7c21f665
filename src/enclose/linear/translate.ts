import { above, lostInSteps } from '../../numbers/accumulation.js';
import { fromFloat, toFloat } from '../../numbers/convert.js';
import { FORMATS } from '../../numbers/format.js';
import { bounds, type Interval } from '../../numbers/interval.js';
import type { Rational } from '../../numbers/rational.js';
import { addUp, subDown } from '../../numbers/rounding.js';
import type { Form, Graph } from './graph.js';
import { type Program, ProgramWriter } from './program.js';
import { rangeOf } from './relax.js';

/** A program and enclosures of its rows wherever it holds, that of u last. */
export interface Translated {
  readonly program: Program;
  readonly lo: Float64Array;
  readonly hi: Float64Array;
}

/** The function u, a form over the atoms of a graph, as a program that holds on the whole unit box. */
export function translate(graph: Graph, u: Form): Translated {
  const translator = new Translator(graph.dimension, graph.atoms.length);
  for (const [k, atom] of graph.atoms.entries()) {
    const ranges = atom.of.map((form) => translator.row(form));
    translator.atom(k, atom, rangeOf(atom, ranges));
  }
  translator.row(u);
  return translator.finish();
}

class Translator {
  private readonly writer: ProgramWriter;
  private readonly ranges: Interval[] = [];
  private readonly linear: Float64Array;
  private readonly weights: Float64Array;
  private readonly lo: Float64Array;
  private readonly hi: Float64Array;

  constructor(
    private readonly dimension: number,
    atoms: number,
  ) {
    this.writer = new ProgramWriter(dimension);
    this.linear = new Float64Array(dimension + 1);
    this.weights = new Float64Array(atoms);
    this.lo = new Float64Array(atoms);
    this.hi = new Float64Array(atoms);
  }

  /** Writes a row; returns an enclosure of its values. */
  row({ constant, terms }: Form): Interval {
    const { dimension: d, linear, weights } = this;
    linear.fill(0);
    weights.fill(0);
    const offset = nearest(constant);
    linear[d] = offset.double;
    let error = offset.miss;
    let [lo, hi] = [offset.double, offset.double];
    for (const [symbol, coefficient] of terms) {
      const { double, miss } = nearest(coefficient);
      const [least, most] = symbol < d ? [0, 1] : [this.lo[symbol - d], this.hi[symbol - d]];
      if (symbol < d) linear[symbol] = double;
      else weights[symbol - d] = double;
      if (miss !== 0) error += miss * Math.max(-least, most);
      if (double !== 0) {
        lo += double * (double > 0 ? least : most);
        hi += double * (double > 0 ? most : least);
      }
    }
    error = above(error);
    const size = this.writer.row(linear, weights, error);
    const lost = above(lostInSteps(terms.size, size, size) + error);
    const range = this.bare(terms, constant) ?? enclosed(subDown(lo, lost), addUp(hi, lost));
    this.ranges.push(range);
    return range;
  }

  /** A coordinate itself is known exactly: functions that end at 0 need it. */
  private bare(terms: Form['terms'], constant: Rational): Interval | null {
    const [first] = terms;
    const isBare = terms.size === 1 && constant.isZero() && first[0] < this.dimension && first[1].sign() > 0;
    return isBare ? bounds(0, toFloat(first[1], FORMATS.float64, 'up'), 0) : null;
  }

  finish(): Translated {
    const { ranges, writer } = this;
    return {
      program: writer.finish(),
      lo: Float64Array.from(ranges, ({ lo }) => lo),
      hi: Float64Array.from(ranges, ({ hi }) => hi),
    };
  }

  atom(k: number, kernel: Parameters<ProgramWriter['atom']>[0], { lo, hi }: Interval): void {
    this.lo[k] = lo;
    this.hi[k] = hi;
    this.writer.atom(kernel, Math.max(-lo, hi));
  }
}

/** NaN, the trace of infinite ends, bounds nothing. */
function enclosed(lo: number, hi: number): Interval {
  return bounds(Number.isNaN(lo) ? Number.NEGATIVE_INFINITY : lo, Number.isNaN(hi) ? Number.POSITIVE_INFINITY : hi, 0);
}

/** The double nearest to an exact number and a bound of what it misses. Float32 weights miss nothing. */
function nearest(exact: Rational): { readonly double: number; readonly miss: number } {
  const { num, den } = exact;
  const top = Number(num);
  const bottom = Number(den);
  const isDyadic = Number.isSafeInteger(top) && bottom <= 2 ** 1000 && (den & (den - 1n)) === 0n;
  if (isDyadic && (top === 0 || Math.abs(top / bottom) >= 2 ** -1000)) return { double: top / bottom, miss: 0 };
  const double = toFloat(exact, FORMATS.float64, 'nearest');
  if (!Number.isFinite(double)) return { double, miss: Number.POSITIVE_INFINITY };
  return { double, miss: toFloat(exact.sub(fromFloat(double)).abs(), FORMATS.float64, 'up') };
}
