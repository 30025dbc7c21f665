import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { verify } from '../../src/audit/verify.js';
import { readInstance } from '../../src/instance/instance.js';
import { loadTheorem } from '../../src/library/package.js';
import { parseRational } from '../../src/numbers/parse.js';
import { Rational } from '../../src/numbers/rational.js';

const ROOT = resolve(import.meta.dirname, '../../proofs-check');
const OPTIONS = { seed: 0, digits: 20, execution: [], progress: () => {} };

/** Published numbers, or numbers that other programs computed: instance, claim, number (to the digits it is written with). */
const NUMBERS: readonly (readonly [instance: string, claims: Readonly<Record<string, string>>])[] = [
  ['flagship/icl-three-layers', { value: '217/1600' }],
  ['flagship/order-large-first', { largest: '7.7e16' }],
  ['flagship/order-small-first', { left: '6.53e-4', largest: '1' }],
  ['flagship/chebyshev-10', { error: '.0755633', constant: '.3666478' }],
  ['flagship/chebyshev-100', { error: '.2640888', constant: '.8187253' }],
  ['flagship/selective-copy-6', { linear: '31/32' }],
  ['flagship/selective-copy-barrier-6', { error: '31/32' }],
  ['flagship/legt-4', { distance: '4.79e-3', bound: '5.42e-3' }],
  ['flagship/legt-6', { distance: '7.03e-3', bound: '1.01e-2' }],
  ['flagship/legt-10-fast', { distance: '.0622', bound: '.241' }],
  ['flagship/sharpness-5', { length: '17' }],
  ['flagship/sharpness-10', { length: '2448' }],
  ['top-eigenvector/heavy-ratio-50', { limit: '.034020' }],
  ['top-eigenvector/heavy-ratio-100', { limit: '.121329' }],
  ['top-eigenvector/heavy-ratio-300', { limit: '.550822' }],
  ['top-eigenvector/light-hundred-10', { enough: '6.42' }],
  ['top-eigenvector/light-million-100', { enough: '14.73' }],
  ['discrepancy/discrepancy-four-sets', { constant: '1.1547' }],
  ['flagship/memorize-16', { count: '296', bits: '32' }],
  ['qmc/star-plane-1024', { error: '1223/262144' }],
  ['discrepancy/haar-4', { error: '2.060660' }],
  ['discrepancy/haar-6', { error: '2.237437' }],
  ['discrepancy/haar-factored-10', { error: '2.370019' }],
  ['discrepancy/haar-factored-20', { error: '2.412832' }],
  ['discrepancy/discrepancy-fano', { error: '3', constant: '1.7320508' }],
  ['discrepancy/discrepancy-signed-12', { error: '4', constant: '1.154700' }],
  ['discrepancy/walk-fano', { leaves: '124', trace: '4041/256', expected: '3' }],
  ['discrepancy/walk-triangle', { leaves: '6', expected: '2' }],
  ['kronecker-gp/kronecker-12', { detA: '1/27', detB: '8334/105625', detK: '794022776/859068301025390625' }],
  [
    'kronecker-gp/derivative-grid',
    {
      first: '-1351/275',
      second: '-3752/275',
      third: '6720/275',
      antepenultimate: '8278/275',
      penultimate: '-4101/275',
      last: '-2377/275',
    },
  ],
  ['kronecker-gp/count-3', { dense: '168166000', kronecker: '30630', ratio: '5490.' }],
  ['kronecker-gp/power-12', { square: '589615441/6747887010', partA: '5/12', partB: '5568656128/5623239175' }],
  ['kronecker-gp/mixture-8', { eigenvalue: '.0451385', condition: '54.9' }],
  ['kronecker-gp/mixture-16', { eigenvalue: '2.96159e-11', condition: '1.67e11' }],
  [
    'kronecker-gp/oscillatory-4',
    { beside: '18/37', far: '-9/20', second: '1045/1369', third: '60871/418000', last: '4199421681/33332959600' },
  ],
  ['kronecker-gp/oscillatory-negative', { energy: '-2270889/146705' }],
  ['top-eigenvector/correlation-3', { rho: '30.309045', rayleigh: '.994127', residual: '.993772', upper: '.995404' }],
  ['top-eigenvector/light-10000', { correlation: '.934239', bound: '.934177', enough: '9.75' }],
  ['top-eigenvector/heavy-10', { correlation: '.0017955', limit: '.001650' }],
  ['top-eigenvector/heavy-100', { correlation: '.0016639' }],
  ['top-eigenvector/orders-120', { least: '25/34', largest: '70756/70757', average: '.909687', values: '78' }],
  [
    'sparse-regression/greedy-100',
    { greedy: '5000/7813', budget: '4/25', one: '1', two: '10000/10001', three: '16/25' },
  ],
  ['sparse-regression/pairs-100', { probability: '.900552', bound: '.898990', condition: '40002.000075' }],
  ['sparse-regression/pairs-1000', { probability: '.823830', bound: '.809810' }],
  ['sparse-regression/pairs-10000', { probability: '.981143' }],
  ['qmc/space-8', { D: '7/16' }],
  ['qmc/space-16', { D: '155/576' }],
  ['sparse-regression/search-12', { RSS: '58.878250581', supports: '220' }],
  ['sparse-regression/search-30', { RSS: '250.086594139', supports: '27405' }],
  ['discrepancy/hereditary-fano', { determinant: '24' }],
  ['qmc/star-hammersley-8', { scaled: '5/2' }],
  ['qmc/star-sobol-8', { D: '5/16' }],
  ['qmc/l2-hammersley-16', { scaled: '22655/18432' }],
  ['qmc/l2-hammersley-64', { scaled: '543167/294912' }],
  ['qmc/l2-sobol-8', { square: '1615/147456' }],
  ['qmc/error-hammersley-16', { square: '34943/4718592', free: '9811/2359296' }],
  ['qmc/error-five-dimensions', { free: '.00397626', mean: '36292489/111974400', typical: '1160119/4478976' }],
  ['qmc/error-five-dimensions-4', { free: '.0454409' }],
  ['qmc/koksma-product', { Q: '4161/16384', difference: '65/16384', bound: '165/1024' }],
  ['qmc/koksma-weighted', { difference: '-447/65536', bound: '.0940' }],
  ['flagship/float-large-first', { missed: '2.28157e10' }],
  ['flagship/float-small-first', { exact: '6.53e-4' }],
  ['flagship/format-half', { keys: '4', tokens: '149', parity: '14' }],
  ['flagship/format-single', { keys: '16', tokens: '1293101', parity: '1447' }],
  ['flagship/format-double', { keys: '64', parity: '33554430' }],
  ['discrepancy/regimes-1000', { square: '47.7', fifth: '15728.', from: '5' }],
  ['discrepancy/regimes-million', { square: '190.9', fifth: '503309.', from: '9' }],
  ['discrepancy/regimes-milliard', { square: '429.5', fifth: '3.82e6' }],
  ['discrepancy/regimes-fano', { square: '3.79', square2: '7.88', from: '3' }],
  ['discrepancy/regimes-three', { square2: '2.51', from: '4' }],
  ['discrepancy/regimes-64-4', { walk: '6.2' }],
  ['discrepancy/regimes-64-8', { walk: '8.8' }],
  ['discrepancy/regimes-64-16', { walk: '12.5', 'beck-fiala': '31' }],
  ['discrepancy/regimes-64-32', { walk: '17.6', 'beck-fiala': '63' }],
  ['discrepancy/design-fano', { mean: '15/7', error: '3' }],
  ['discrepancy/design-biplane', { mean: '35/11', error: '3' }],
  ['discrepancy/walk-fano-share', { eigenvalue: '.7712' }],
  ['qmc/line-16', { D: '1/16' }],
  ['qmc/star-sobol-16', { D: '11/64' }],
  ['qmc/star-sobol-64', { D: '55/1024' }],
  ['qmc/star-hammersley-128', { scaled: '121/32' }],
  ['qmc/l2-sobol-16', { square: '5383/2359296' }],
  ['qmc/l2-sobol-64', { square: '100039/603979776' }],
  ['qmc/l2-hammersley-2', { scaled: '91/144' }],
  ['qmc/l2-hammersley-256', { scaled: '12185087/4718592' }],
  ['qmc/l2-space-16', { square: '777941/127401984' }],
  ['qmc/error-five-dimensions-64', { free: '.000335720' }],
  ['qmc/slope-1', { slope: '-.585' }],
  ['qmc/slope-9', { slope: '-.896' }],
  ['kronecker-gp/mixture-two', { eigenvalue: '.0455' }],
  ['kronecker-gp/mixture-two-8', { eigenvalue: '.0677' }],
  ['kronecker-gp/mixture-32', { eigenvalue: '1.17335e-36', condition: '8.44e36' }],
  ['kronecker-gp/mixture-20', { eigenvalue: '5.65934e-17', condition: '1.09e17' }],
  ['kronecker-gp/power-brownian-4', { line: '1/16' }],
  ['kronecker-gp/power-brownian-8', { line: '1/32' }],
  [
    'top-eigenvector/correlation-narrow',
    { top: '30.449615', next: '6.450710', rest: '1.099675', ratio: '4.72035', most: '4.72035', aligned: '.994414' },
  ],
  ['sparse-regression/pairs-1000-5', { probability: '.990005' }],
  ['allocation/saturation-64', { bound: '.1154540', 'row-bound': '.9242343' }],
  ['allocation/ngram-256', { bound: '.0231540' }],
  ['relative-position/bos-float16-collision', { positions: '1464', spacing: '0' }],
  ['top-eigenvector/heavy-diagonal', { count: '1', threshold: '109/10' }],
];

/** A unit of the last digit that is written, as some numbers are cut and others rounded; 0 for fractions and integers. */
function lastUnit(text: string): Rational {
  const [, digits = '', exponent = '0'] = /\.(\d+)(?:e([+-]?\d+))?$/.exec(text) ?? [];
  return text.includes('.') ? power(10, Number(exponent) - digits.length) : Rational.zero;
}

function power(base: number, exponent: number): Rational {
  const value = Rational.of(BigInt(base) ** BigInt(Math.abs(exponent)));
  return exponent < 0 ? value.inverse() : value;
}

/** At night all of them, by day one in four. */
const TRIED = NUMBERS.filter((_, k) => process.env.EXHIBIT_NIGHTLY === '1' || k % 4 === 0);

describe.each(TRIED)('%s', (name, numbers) => {
  test('has the numbers of the literature, as enclosures of a relative width of at most 1e-6', async () => {
    const file = join(ROOT, name.replace('/', '/instances/').concat('.yaml'));
    const instance = readInstance(readFileSync(file, 'utf8'), file);
    const { claims } = await verify(await loadTheorem(instance.theorem), instance, OPTIONS);
    for (const [id, text] of Object.entries(numbers)) {
      const { enclosure } = claims.find((claim) => claim.id === id)!;
      const [lo, hi] = [enclosure!.lo!, enclosure!.hi!];
      const [expected, slack] = [parseRational(text.replace(/^\./, '0.')), lastUnit(text)];
      expect(lo.le(expected.add(slack)) && expected.sub(slack).le(hi), `${id}: ${text} in [${lo}, ${hi}]`).toBe(true);
      expect(
        hi
          .sub(lo)
          .mul(Rational.of(10 ** 6))
          .le(hi.abs()),
        `${id}: [${lo}, ${hi}]`,
      ).toBe(true);
    }
  });
});
