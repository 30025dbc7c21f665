import { describe, expect, it } from 'vitest';
import { ballIntervals } from '../../src/numbers/balls.js';
import { doubleIntervals } from '../../src/numbers/doubles.js';
import { BINARY, UNARY } from './oracle.js';
import { cases, nastyBox, pointsOf, stream } from './samples.js';

describe('inclusion is monotone on doubles', () => {
  const D = doubleIntervals;
  const within = (lo: number, hi: number, random: () => number) => {
    const [a, b] = [pointsOf([lo, hi], random).at(-1)!, pointsOf([lo, hi], random).at(-1)!];
    return D.fromDoubles(Math.min(a, b), Math.max(a, b));
  };

  it('for every operation', () => {
    const random = stream(51);
    for (let round = 0; round < cases(5_000, 200_000); round++) {
      const [a, b] = [nastyBox(random), nastyBox(random)];
      const [wideA, wideB] = [D.fromDoubles(...a), D.fromDoubles(...b)];
      const [partA, partB] = [within(...a, random), within(...b, random)];
      const check = (name: string, part: typeof wideA, whole: typeof wideA) => {
        const isIncluded = D.isEmpty(part) || (whole.lo <= part.lo && part.hi <= whole.hi);
        expect(isIncluded, `${name} of [${a}], [${b}] and a part`).toBe(true);
      };
      for (const name of UNARY) check(name, D[name](partA), D[name](wideA));
      for (const name of BINARY) check(name, D[name](partA, partB), D[name](wideA, wideB));
      check('pown', D.pown(partA, 3), D.pown(wideA, 3));
    }
  });
});

describe('thin balls lie inside what doubles give', () => {
  it('for every function', () => {
    const random = stream(52);
    const B = ballIntervals(128);
    for (let round = 0; round < cases(100, 5_000); round++) {
      const [x] = nastyBox(random);
      for (const name of UNARY) {
        const fine = B[name](B.fromDoubles(x, x));
        const coarse = doubleIntervals[name](doubleIntervals.fromDoubles(x, x));
        expect(B.isEmpty(fine)).toBe(doubleIntervals.isEmpty(coarse));
        if (B.isEmpty(fine)) continue;
        const { lo, hi } = B.outer(fine);
        expect(lo <= coarse.hi && coarse.lo <= hi, `${name}(${x})`).toBe(true);
      }
    }
  });
});
