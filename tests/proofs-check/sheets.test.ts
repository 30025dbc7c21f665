import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type ClaimResult, verify } from '../../src/audit/verify.js';
import { readInstance, withOverrides } from '../../src/instance/instance.js';
import { loadTheorem } from '../../src/library/package.js';
import { parseRational } from '../../src/numbers/parse.js';
import { Rational } from '../../src/numbers/rational.js';

const ROOT = resolve(import.meta.dirname, '../../proofs-check');
const OPTIONS = { seed: 0, digits: 20, execution: [], progress: () => {} };

type Row = readonly [instance: string, claims: Readonly<Record<string, string>>, params?: readonly string[]];

/**
 * Published numbers, or numbers that other programs computed: instance, claim, number (to the digits it is written with). After a
 * claim, `.limit` is the bound that it states and `.lo` the lower end of what it encloses. Parameters replace those of the instance.
 */
const NUMBERS: readonly Row[] = [
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
  ['doubly-stochastic/unistochastic-givens', { corner: '144/625', top: '256/625', far: '9/25', middle: '4761/105625' }],
  ['doubly-stochastic/unistochastic-cayley', { corner: '25/225', top: '196/225', far: '4/225', last: '121/225' }],
  ['doubly-stochastic/column-16', { most: '5.2805', least: '.1431', top: '6.7184', bottom: '.1372' }],
  ['top-eigenvector/heavy-diagonal', { count: '1', threshold: '109/10' }],
  // arXiv:2506.05678, with the singular values of numpy and the suprema of a search in doubles.
  ['deep-ssm/delay-small-error', { error: '1/63', 'norm-price': '16/3', barrier: '1', echo1: '1/64', echo2: '1/4096' }],
  ['deep-ssm/delay-price-10-20', { 'norm-price': '1.5811', c1: '1.25743' }],
  ['deep-ssm/delay-price-5-6', { 'norm-price': '359.07', c1: '18.9492' }],
  ['deep-ssm/delay-price-10-11', { 'norm-price': '48.515', c1: '6.96530' }],
  ['deep-ssm/delay-price-50-64', { 'norm-price': '.57058', c1: '.75537' }],
  ['memory-functions/polynomial-1', { error: '.08591', 'barrier.lo': '.042285', 'singular-value': '.16914' }],
  ['memory-functions/polynomial-2', { error: '.0393', 'barrier.lo': '3.82e-3' }],
  ['memory-functions/polynomial-4', { error: '.01079', 'barrier.lo': '1.01e-4', 'exponential-sums': '.0299' }],
  ['memory-functions/polynomial-hilbert-300', { 'barrier.lo': '2.26e-5' }],
  ['memory-functions/polynomial-8', { error: '8.80e-4', 'barrier.lo': '2.86e-7', 'exponential-sums': '2.2e-3' }],
  ['memory-functions/polynomial-16', { error: '3.52e-5', 'exponential-sums': '5.6e-5' }],
  ['memory-functions/polynomial-12', { error: '2.01e-4' }],
  ['memory-functions/polynomial-24', { error: '1.97e-6', 'exponential-sums': '3.3e-6' }],
  ['memory-functions/polynomial-count-4', { 'barrier.limit': '169/4000' }],
  ['memory-functions/polynomial-count-16', { 'barrier.limit': '61/16000' }],
  ['memory-functions/polynomial-below-barrier', { 'barrier.lo': '3.82e-3' }],
  ['memory-functions/polynomial-hilbert-48', { 'barrier.lo': '5.42e-4' }],
  ['memory-functions/polynomial-square-3', { 'barrier.lo': '.02304' }],
  ['memory-functions/polynomial-square-7', { 'barrier.lo': '1.37e-3' }],
  ['memory-functions/polynomial-square-18', { 'barrier.lo': '1.36e-4' }],
  ['memory-functions/polynomial-square-38', { 'barrier.lo': '1.84e-5', 'error.limit': '1.74e-3' }],
  ['memory-functions/polynomial-square-75', { 'barrier.lo': '3.07e-6' }],
  ['memory-functions/polynomial-square-8', { 'error.limit': '1.95e-4' }],
  ['memory-functions/polynomial-square-16', { 'error.limit': '8.5e-7' }],
  ['memory-functions/polynomial-square-24', { 'error.limit': '5.1e-8' }],
  ['memory-functions/airy-peak', { first: '.5356566' }],
  [
    'memory-functions/airy-6',
    { sigma1: '2.000', sigma5: '2.000', sigma6: '1.998', 'singular-value': '1.902', 'expected-threshold': '6.7' },
  ],
  [
    'memory-functions/airy-12',
    { sigma8: '1.095', sigma9: '.2362', sigma10: '.0298', sigma11: '2.85e-3', sigma12: '2.19e-4' },
  ],
  ['memory-functions/airy-12', { 'singular-value': '1.40e-5', threshold: '8' }],
  ['memory-functions/airy-delayed', { threshold: '20', 'expected-threshold': '19.0' }],
  [
    'memory-functions/airy-fast-9',
    { sigma7: '.9774', sigma8: '.7751', sigma9: '8.4e-3', 'singular-value': '2.9e-5', threshold: '8' },
  ],
  // arXiv:2504.16275.
  [
    'doubly-stochastic/unistochastic-givens',
    { corner: '144/625', middle: '4761/105625', last: '16/169', side: '2304/4225' },
  ],
  [
    'doubly-stochastic/unistochastic-cayley',
    { corner: '25/225', middle: '25/225', last: '121/225', side: '100/225', left: '100/225', bottom: '100/225' },
  ],
  ['doubly-stochastic/unistochastic-cayley', { low: '4/225' }],
  ['doubly-stochastic/not-all-near', { attained: '.10997578357', 'two-rows': '.07735' }],
  ['doubly-stochastic/not-all-ninth', { attained: '5184/47089', u1: '-72/217', u2: '136/217', u3: '153/217' }],
  ['doubly-stochastic/not-all-one', { attained: '1/9' }],
  ['doubly-stochastic/unistochastic-root', { root: '.88320350591', distance: '.10997578357', volume: '.7520' }],
  ['doubly-stochastic/uniform-orthogonal', { attained: '2/9' }],
  ['doubly-stochastic/float-qr-64', { rows: '3.e-8', columns: '3.e-8' }],
  [
    'doubly-stochastic/birkhoff-givens',
    { terms: '5', weight1: '4761/105625', weight2: '783/4225', weight3: '31/625', weight4: '9/25', weight5: '9/25' },
  ],
  ['doubly-stochastic/contraction-8', { error: '1.5231883', rate: '.7615942' }],
  ['doubly-stochastic/sinkhorn-2', { error: '7.527e-6', entry1: '.6666666', 'certificate.limit': '1.0000602' }],
  ['doubly-stochastic/sinkhorn-2', { sigma: '1/3', rate: '1/9' }],
  ['doubly-stochastic/sinkhorn-2-step-2', { error: '5.510e-3' }],
  ['doubly-stochastic/sinkhorn-2-step-3', { error: '6.099e-4' }],
  ['doubly-stochastic/sinkhorn-2-step-4', { error: '6.774e-5' }],
  ['doubly-stochastic/sinkhorn-2-step-6', { error: '8.363e-7' }],
  ['doubly-stochastic/sinkhorn-too-early', { error: '5.128e-2' }],
  ['doubly-stochastic/sinkhorn-3', { error: '1.242e-5', entry1: '.525461', entry2: '.479606', last: '.414957' }],
  ['doubly-stochastic/sinkhorn-3', { within: '5.77e-5', rate: '.1766' }],
  // The square is .0937.
  ['doubly-stochastic/sinkhorn-3-limit', { sigma: '.3061' }],
  ['doubly-stochastic/sinkhorn-blocks', { rate: '9/25' }],
  ['doubly-stochastic/sinkhorn-power-1', { power: '2.36', share: '11/4' }],
  ['doubly-stochastic/sinkhorn-power-2', { power: '2.62' }],
  ...[7, 30, 124, 500, 2004].map(
    (bits, k): Row => ['doubly-stochastic/sinkhorn-bits', { bits: `${bits}` }, [`K=${k + 1}`]],
  ),
  ['doubly-stochastic/sinkhorn-bits', { bits: '8021' }],
  ['doubly-stochastic/steps-quarter', { steps: '8', overflow: '11.09', subnormal: '-9.70' }],
  ['doubly-stochastic/steps-half', { steps: '13' }],
  ['doubly-stochastic/steps-one', { steps: '35' }],
  ['doubly-stochastic/steps-two', { steps: '266' }],
  ['doubly-stochastic/steps-quarter-fine', { steps: '12' }],
  ['doubly-stochastic/steps-half-fine', { steps: '22' }],
  ['doubly-stochastic/steps-one-fine', { steps: '60' }],
  ['doubly-stochastic/steps-two-fine', { steps: '455' }],
  ['doubly-stochastic/column-16', { most: '5.2805', least: '.1431', 'total.limit': '14.787' }],
  // arXiv:2510.03784.
  ['allocation/lipschitz-two', { error: '1.2702979', largest: '.6351490' }],
  ['allocation/saturation-8', { 'row-maximum': '.9224692', 'row.limit': '.9242343' }],
  ['allocation/saturation-64', { 'row-maximum': '.9241822', largest: '.1049745', 'simple.limit': '.1154540' }],
  ['allocation/saturation-64-half', { largest: '.0413626' }],
  ['allocation/saturation-length', { length: '2448' }],
  ['allocation/ngram-64', { error: '.0057041', 'simple.limit': '.0057204', 'sign-codes': '67', 'welch-codes': '4' }],
  ['allocation/ngram-64', { 'circle-codes': '207.7' }],
  ['allocation/ngram-256', { error: '.0228890', 'simple.limit': '.0231540' }],
  ['allocation/truncation-given', { barrier: '3.0000' }],
  ['allocation/ngram-colliding', { error: '1', missing: '2' }],
  // arXiv:2205.13401.
  ['relative-position/collapse-2', { error: '1/4' }],
  ['relative-position/collapse-8', { error: '7/16' }],
  ['relative-position/collapse-64', { error: '63/128' }],
  ['relative-position/bos-float16', { separate: '4.76837158203125e-7' }],
  ['relative-position/bos-float16-collision', { separate: '0' }],
  ['relative-position/bos-bfloat16-collision', { separate: '0' }],
  ['relative-position/urpe-5', { error: '0', separate: '1/5' }],
  ['relative-position/urpe-masked', { separate: '0' }],
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

/** At night all of them, by day every eighth of those whose parameters are those of the instance. */
const IS_NIGHT = process.env.EXHIBIT_NIGHTLY === '1';
const TRIED = IS_NIGHT ? NUMBERS : NUMBERS.filter(([, , params]) => !params).filter((_, k) => k % 8 === 1);

/** The number that a result has under this name: an enclosure. */
function enclosureOf(claims: readonly ClaimResult[], key: string): readonly [Rational, Rational] {
  const [id, part] = key.split('.');
  const { enclosure, predicted } = claims.find((claim) => claim.id === id)!;
  if (part === 'limit') return [predicted!, predicted!];
  return [enclosure!.lo!, part === 'lo' ? enclosure!.lo! : enclosure!.hi!];
}

describe.each(TRIED.map(([name, numbers, params = []]) => [name, numbers, params] as const))(
  '%s',
  (name, numbers, params) => {
    test('has the numbers of the literature, as enclosures of a relative width of at most 1e-6', async () => {
      const file = join(ROOT, name.replace('/', '/instances/').concat('.yaml'));
      const instance = readInstance(readFileSync(file, 'utf8'), file);
      const given = withOverrides(instance, params);
      const { claims } = await verify(await loadTheorem(instance.theorem), given, OPTIONS);
      if (instance.expect === 'proved') expect(claims.filter(({ verdict }) => verdict !== 'proved')).toEqual([]);
      for (const [id, text] of Object.entries(numbers)) {
        const [lo, hi] = enclosureOf(claims, id);
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
  },
);
