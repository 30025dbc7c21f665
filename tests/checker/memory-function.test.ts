import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkCertificate } from '../../src/checker/check.js';
import { positiveEigenvalues } from '../../src/checker/inertia.js';
import { byHand, type HandClaim, type HandNode, type HandStep } from '../generators/certificates-by-hand.js';

type Data = HandStep['data'];

function outcome(nodes: readonly HandNode[], claim: HandClaim): string {
  const { certificate, network } = byHand(nodes, [claim]);
  const { verdict, reason } = checkCertificate(certificate, network).claims[0];
  return verdict === 'verified' ? verdict : `${verdict}: ${reason}`;
}

const stated = (rule: string, data: Data, more: object = {}): HandClaim => {
  return { id: 's', conclusion: { kind: rule, ...data, ...more }, steps: [{ rule, data }] };
};

describe('positive eigenvalues', () => {
  const entry = fc.bigInt({ min: -3n, max: 3n });
  const matrices = fc
    .integer({ min: 1, max: 6 })
    .chain((n) =>
      fc.tuple(
        fc.array(entry, { minLength: n, maxLength: n }),
        fc.array(fc.array(entry, { minLength: n, maxLength: n }), { minLength: n, maxLength: n }),
      ),
    );

  it('are those of a diagonal matrix, whatever basis it is written in', () => {
    fc.assert(
      fc.property(matrices, ([diagonal, rows]) => {
        // L is lower triangular with ones on its diagonal, so that L D L' is congruent to D.
        const L = rows.map((row, i) => row.map((x, j) => (j < i ? x : j === i ? 1n : 0n)));
        const A = L.map((a) => L.map((b) => diagonal.reduce((sum, d, k) => sum + a[k] * d * b[k], 0n)));
        const order = A.map((_, i) => A.length - 1 - i);
        const turned = order.map((i) => order.map((j) => A[i][j]));
        const positive = diagonal.filter((d) => d > 0n).length;
        expect([positiveEigenvalues(A), positiveEigenvalues(turned)]).toEqual([positive, positive]);
      }),
    );
  });

  it('are found where the diagonal is 0', () => {
    expect(positiveEigenvalues([[0n, 1n], [1n, 0n]])).toBe(1); // biome-ignore format: a matrix
    expect(positiveEigenvalues([[0n, -1n, 0n], [-1n, 0n, 0n], [0n, 0n, 0n]])).toBe(1); // biome-ignore format: a matrix
    expect(positiveEigenvalues([[0n, 1n, 1n], [1n, 0n, 1n], [1n, 1n, 0n]])).toBe(1); // biome-ignore format: a matrix
    expect(positiveEigenvalues([[0n]])).toBe(0);
  });
});

describe('singular values of a constant', () => {
  /** [[0, 3/2], [-2, 0], [0, 2]] has the singular values 5/2 and 2. */
  const M: HandNode[] = [{ op: 'constant', shape: [3, 2], dense: ['0', '3/2', '-2', '0', '0', '2'] }];
  const data = { output: 'y', k: 1, lo: '249/100', hi: '5/2' };
  const verdict = (change: Data, nodes = M) => outcome(nodes, stated('singular-value', { ...data, ...change }));

  it('lie between numbers', () => {
    expect(verdict({})).toBe('verified');
    expect(verdict({ k: 2, lo: '19/10', hi: '2' })).toBe('verified');
    expect(verdict({ k: 2, lo: '0', hi: '9' })).toBe('verified');
  });

  it.each<[Data, RegExp]>([
    [{ lo: '5/2' }, /0 singular values reach 5\/2/],
    [{ hi: '2499/1000' }, /1 exceed/],
    [{ k: 2 }, /1 singular values reach/],
    [{ k: 3, lo: '0', hi: '0' }, /k is 3/],
    [{ k: 0 }, /none of a singular value/],
    [{ lo: '-1' }, /none of a singular value/],
    [{ lo: '3', hi: '2' }, /none of a singular value/],
    [{ output: 'z' }, /no output/],
  ])('not others: %j', (change, reason) => {
    expect(verdict(change)).toMatch(reason);
  });

  it('of constants alone', () => {
    expect(verdict({}, [{ op: 'input', name: 'x', shape: [3, 2] }])).toMatch(/has no value/);
    expect(verdict({}, [{ op: 'constant', shape: [6], dense: ['0', '3/2', '-2', '0', '0', '2'] }])).toMatch(
      /no constant matrix/,
    );
  });
});

describe('Hankel matrices of memory functions', () => {
  const target = { family: 'polynomial', p: '1' };
  // Hilbert's matrix of order 2 has the eigenvalues (4 +- sqrt 13)/6 = 1.26759187924..., 0.06574145408...
  const data = { target, n: 2, k: 2, lo: '65741454/1000000000', hi: '65741455/1000000000' };
  const any: HandNode[] = [{ op: 'input', name: 'x', shape: [1] }];
  const verdict = (change: Data) => outcome(any, stated('hankel-value', { ...data, ...change }));

  it('have singular values between numbers', () => {
    expect(verdict({})).toBe('verified');
    expect(verdict({ k: 1, lo: '126759/100000', hi: '126760/100000' })).toBe('verified');
    // e^-t has a Hankel matrix of rank 1.
    const exponential = { target: { family: 'exponential', alpha: '1' }, n: 5, lo: '0', hi: '1/1000000000000' };
    expect(verdict(exponential)).toBe('verified');
    expect(verdict({ ...exponential, k: 1 })).toMatch(/rejected/);
  });

  it.each<[Data, RegExp]>([
    [{ lo: '65741455/1000000000' }, /1 singular values reach/],
    [{ hi: '65741454/1000000000' }, /2 exceed/],
    [{ lo: '65741455/1000000000', hi: '65741455/1000000000' }, /1 singular values reach/],
    [{ lo: '65741454/1000000000', hi: '65741454/1000000000' }, /2 exceed/],
    [{ k: 1 }, /2 exceed|1 exceed/],
    [{ n: 3 }, /2 exceed/],
    [{ k: 3 }, /k is 3/],
    [{ target: { family: 'polynomial', p: '2' } }, /exceed/],
    [{ target: { family: 'exponential', alpha: '1' } }, /exceed/],
    [{ target: { family: 'polynomial', p: '-1' } }, /does not decay/],
    [{ target: { family: 'polynomial', p: '1', alpha: '1' } }, /no memory/],
    [{ target: { family: 'airy', p: '1' } }, /no memory/],
  ])('not others: %j', (change, reason) => {
    expect(verdict(change)).toMatch(reason);
  });
});

describe('a recurrence against a memory function', () => {
  /** r(t) = c b a^t with one state, or the same twice over. */
  const model = (a: string, b: string, c: string, n = 1): HandNode[] => [
    { op: 'input', name: 'u', shape: [8] },
    { op: 'reshape', inputs: [0], shape: [8, 1] },
    { op: 'constant', shape: [n, n], dense: n === 1 ? [a] : [a, '0', '0', a] },
    { op: 'constant', shape: [n, 1], dense: n === 1 ? [b] : [b, b] },
    { op: 'recurrence', inputs: [1, 2, 3], shape: [8, n] },
    { op: 'constant', shape: [n, 1], dense: n === 1 ? [c] : [c, c] },
    { op: 'matmul', inputs: [4, 5], shape: [8, 1] },
    { op: 'reshape', inputs: [6], shape: [8] },
  ];
  const half = model('1/2', '1', '1');
  const target = { family: 'exponential', alpha: '1' };
  // |2^-t - e^-t| is largest at t = 1: 1/2 - 1/e = 0.132120558...
  const data = { target, at: '1', lo: '13212/100000', hi: '13213/100000' };
  const verdict = (change: Data, nodes = half, states = 1) =>
    outcome(nodes, stated('response-distance', { ...data, ...change }, { states }));

  it('is as far off as stated, over all times', () => {
    expect(verdict({})).toBe('verified');
    expect(verdict({}, model('1/2', '2', '1/4', 2), 2)).toBe('verified');
    expect(verdict({ at: '2', lo: '114/1000' })).toBe('verified');
    // Both decay slowly, and differ most at t = 1: 999/1000 - 1/2.
    const slow = { target: { family: 'polynomial', p: '1' }, lo: '498/1000', hi: '990/1000' };
    expect(verdict(slow, model('999/1000', '1', '1'))).toBe('verified');
    expect(verdict({ ...slow, hi: '90/100' }, model('999/1000', '1', '1'))).toMatch(/unfinished: .*at t = /);
  });

  it.each<[what: string, change: Data, reason: RegExp, nodes?: HandNode[], states?: number]>([
    ['a larger lower end', { lo: '13213/100000' }, /not so far off/],
    ['a smaller upper end', { hi: '13212/100000' }, /at t = 1 it is off/],
    ['another time', { at: '2' }, /not so far off/],
    ['no time', { at: '-1' }, /no natural number/],
    ['another rate', { target: { family: 'exponential', alpha: '2' } }, /off/],
    ['another family', { target: { family: 'polynomial', p: '1' } }, /off/],
    ['another pole', {}, /off/, model('3/5', '1', '1')],
    ['another weight', {}, /off/, model('1/2', '1', '2')],
    ['a negative weight', {}, /no sum of positive weights/, model('1/2', '-1', '1')],
    ['a negative pole', {}, /no sum of positive weights/, model('-1/2', '1', '1')],
    ['a pole 1', {}, /no sum of positive weights/, model('1', '1', '1')],
    ['a number of states that it has not', {}, /do not prove/, half, 2],
    [
      'a matrix that is not diagonal',
      {},
      /no sum of positive weights/,
      model('1/2', '1', '1', 2).with(2, { op: 'constant', shape: [2, 2], dense: ['1/2', '1/9', '0', '1/2'] }),
      2,
    ],
  ])('not with %s', (_, change, reason, nodes, states) => {
    expect(verdict(change, nodes, states)).toMatch(reason);
  });

  const section = { target, order: 1, times: ['0', '1'], weights: ['1', '1'] };
  const barrier = (change: Data, premise: Data | null = null, more: object = {}, nodes = half) => {
    const data = { ...section, ...change };
    const { times: _t, weights: _w, vectors: _v, ...rest } = data as Record<string, unknown>;
    const steps: HandStep[] = premise ? [{ id: 'error', rule: 'response-distance', data: premise }] : [];
    steps.push({ id: 'barrier', rule: 'order-barrier', data, premises: premise ? ['error'] : [] });
    return outcome(nodes, { id: 's', conclusion: { kind: 'order-barrier', ...rest, horizon: '2', ...more }, steps });
  };

  it('comes no closer than a singular value allows', () => {
    const polynomial = { family: 'polynomial', p: '1' };
    // sigma_2/2 = 0.0328707...
    expect(barrier({ target: polynomial, lo: '3287/100000' })).toBe('verified');
    expect(barrier({ target: polynomial, lo: '3288/100000' })).toMatch(/1 singular values/);
    expect(barrier({ target: polynomial, lo: '3287/100000', order: 2 })).toMatch(/2 singular values/);
    expect(barrier({ target: polynomial, lo: '3287/100000', times: ['1', '0'] })).toMatch(/do not increase/);
    expect(barrier({ target: polynomial, lo: '3287/100000', times: ['0', '2'] }, null, { horizon: '4' })).toMatch(
      /singular|verified/,
    );
    expect(barrier({ target: polynomial, lo: '3287/100000', weights: ['1', '0'] })).toMatch(/not positive/);
    expect(barrier({ target: polynomial, lo: '3287/100000', weights: ['1'] })).toMatch(/do not increase/);
    expect(barrier({ target: polynomial, lo: '3287/100000', weights: ['2', '2'] })).toBe('verified');
    expect(barrier({ target: polynomial, lo: '3287/100000' }, null, { horizon: '1' })).toMatch(/do not prove/);
    expect(barrier({ target: polynomial, lo: '3287/100000', hi: '1' })).toMatch(/no distance/);
    // One state is enough for e^-t, which is off by no more than 0.13213 here.
    expect(barrier({ lo: '1/1000000000' })).toMatch(/1 singular values/);
    expect(barrier({ lo: '1/1000000000', hi: '13213/100000', order: 0 }, data)).toMatch(/no distance of such a model/);
  });

  it('is seen on the span of vectors, each counted once', () => {
    const target = { family: 'polynomial', p: '1' };
    const by = (vectors: unknown, lo = '3287/100000') => barrier({ target, lo, vectors });
    const [first, second] = [
      ['1', '0'],
      ['0', '1'],
    ];
    expect(by([[first, second], []])).toBe('verified');
    expect(by([[['3', '-1'], second], []])).toBe('verified');
    expect(by([[first, second], []], '3288/100000')).toMatch(/1 singular values/);
    expect(by([[first, first], []])).toMatch(/1 singular values/);
    expect(by([[first], [second]])).toMatch(/1 singular values/);
    expect(by([[first], [], [second]])).toMatch(/another length/);
    expect(by([[['1']], []])).toMatch(/another length/);
    expect(by([[['1', '1/2'], second], []])).toMatch(/no short integer/);
  });

  it('comes as close as the network does, whose premise has to be about the same', () => {
    const two = { ...data, target: { family: 'polynomial', p: '1' }, at: '2', lo: '0', hi: '1/5' };
    const both = { target: two.target, lo: '3287/100000', hi: '1/5' };
    expect(barrier(both, two)).toBe('verified');
    expect(barrier({ ...both, hi: '19/100' }, two)).toMatch(/farther off/);
    expect(barrier({ ...both, hi: '1/5' }, { ...two, target: { family: 'polynomial', p: '1.0' } })).toMatch(/rejected/);
    expect(barrier(both, two, {}, model('1/2', '1', '1/2', 2))).toMatch(/no distance of such a model/);
  });
});
