import { expect, it } from 'vitest';
import { airyBounds } from '../../src/numbers/airy.js';
import { parseRational } from '../../src/numbers/parse.js';
import { Rational } from '../../src/numbers/rational.js';

// mpmath 1.2, airyai at 40 digits.
const KNOWN: readonly (readonly [string, string])[] = [
  ['0', '0.355028053887817239260063186004183176398'],
  ['1', '0.1352924163128814155241474235154663061749'],
  ['-1', '0.5355608832923521187995165656388747074669'],
  ['-10', '0.04024123848644319068943031402993459010174'],
  ['-29/2', '-0.03059741893955142282119372095576273753855'],
  ['20', '1.69167286867054031355356021250935132237e-27'],
  ['-20', '-0.1764061270779846895901922922194775049259'],
];

it.each(KNOWN)('encloses Ai(%s)', (x, text) => {
  const { lo, hi } = airyBounds(parseRational(x), 230);
  const known = parseRational(text);
  const tolerance = known.abs().mul(parseRational('1e-37'));
  expect(hi.sub(lo).lt(Rational.pow2(-220))).toBe(true);
  expect(lo.lt(known.add(tolerance)) && known.sub(tolerance).lt(hi)).toBe(true);
});

it('refuses what is too large', () => {
  expect(() => airyBounds(Rational.of(401))).toThrow('allowed');
});
