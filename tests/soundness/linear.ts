import type { Sides } from '../../src/enclose/linear/back-substitution.js';
import { type Curves, evaluate, isAbove, isBelow, randomBox, sample } from '../enclose/linear/random.js';
import { stream } from '../numbers/samples.js';

/** The modules under test, to be replaced one at a time. */
export interface Engine {
  readonly translate: typeof import('../../src/enclose/linear/translate.js').translate;
  readonly BackSubstitution: typeof import('../../src/enclose/linear/back-substitution.js').BackSubstitution;
  readonly reduce: typeof import('../../src/enclose/linear/reduce.js').reduce;
  readonly curves: Curves;
}

export async function engine(): Promise<Engine> {
  const { translate } = await import('../../src/enclose/linear/translate.js');
  const { BackSubstitution } = await import('../../src/enclose/linear/back-substitution.js');
  const { reduce } = await import('../../src/enclose/linear/reduce.js');
  return { translate, BackSubstitution, reduce, curves: await import('../../src/enclose/linear/curves.js') };
}

/** How many statements were compared with exact values, and those that were false. */
export interface Outcome {
  count: number;
  readonly failures: string[];
}

const POINTS = 3;
const PARTS = 3;

/**
 * Bounds random functions over atoms on random boxes, and on parts of these with what was learnt put into the program,
 * and compares every row and every line with exact values at points of the part: inside, and where bounds are sharp.
 */
export function contained(
  { translate, BackSubstitution, reduce, curves }: Engine,
  seed: number,
  functions: number,
): Outcome {
  const random = stream(seed);
  const outcome: Outcome = { count: 0, failures: [] };
  for (let n = 0; n < functions; n++) {
    const drawn = sample(random, n % 2 === 0, curves);
    const { program, lo, hi } = translate(drawn.graph, drawn.u);
    const d = program.dimension;
    const whole = { from: new Float64Array(d), to: new Float64Array(d).fill(1) };
    let state = { program, known: { from: lo, to: hi } };
    let box: Sides = randomBox(random, whole);
    const check = (what: string, isFalse: boolean) => {
      outcome.count += 1;
      if (isFalse) outcome.failures.push(`${what} (function ${n})`);
    };
    for (let part = 0; part < PARTS; part++) {
      const substitution = new BackSubstitution(d);
      const last = state.program.error.length - 1;
      let measured = state.program;
      try {
        measured = substitution.prepare(state.program, box, state.known);
      } catch (error) {
        check((error as Error).message, true);
        break;
      }
      const up = substitution.upper(measured, last, 1, box);
      const corner = box.from.map((s, i) => (substitution.a[i] > 0 ? box.to[i] : s));
      const down = substitution.upper(measured, last, -1, box);
      const tight = substitution.tightened(measured, 1, box, up - Math.abs(up) / 2);
      check('a bound that slopes made larger', tight > up);
      for (let k = 0; k < POINTS; k++) {
        const exact = evaluate(drawn, k === 0 ? corner : pointIn(box, random));
        if (!exact) continue;
        const u = exact.rows[exact.rows.length - 1];
        check(`u beyond ${up} in part ${part}`, isAbove(u, up));
        check(`u beyond ${tight} by slopes in part ${part}`, isAbove(u, tight));
        check(`u below ${-down} in part ${part}`, isBelow(u, -down));
        if (part > 0) continue;
        for (let row = 0; row < last; row++) {
          check(`row ${row} beyond ${substitution.hi[row]}`, isAbove(exact.rows[row], substitution.hi[row]));
          check(`row ${row} below ${substitution.lo[row]}`, isBelow(exact.rows[row], substitution.lo[row]));
        }
        program.atoms.forEach((_, atom) => {
          const rows = exact.rows.slice(program.rowOf[atom], program.rowOf[atom + 1]);
          const slopes = (of: Float64Array) => [...of.subarray(program.rowOf[atom], program.rowOf[atom + 1])];
          const { upSlope, loSlope, upOffset, loOffset } = substitution.lines;
          const gap = (of: Float64Array) => exact.beyond(atom, rows, slopes(of));
          check(`atom ${atom} above its line`, isAbove(gap(upSlope), upOffset[atom]));
          check(`atom ${atom} below its line`, isBelow(gap(loSlope), loOffset[atom]));
        });
      }
      const known = { from: substitution.lo.slice(0, last), to: substitution.hi.slice(0, last) };
      state = reduce(state.program, known);
      box = randomBox(random, box);
    }
  }
  return outcome;
}

function pointIn({ from, to }: Sides, random: () => number): Float64Array {
  return from.map((s, i) => Math.min(to[i], s + random() * (to[i] - s)));
}
