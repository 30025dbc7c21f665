import { describe, expect, it } from 'vitest';
import { checkCertificate } from '../../src/checker/check.js';
import { Rejected, Unfinished } from '../../src/checker/failure.js';
import { ranges } from '../../src/checker/term-expressions.js';
import { byHand, type HandClaim, type HandNode, type HandStep } from '../generators/certificates-by-hand.js';

type Data = HandStep['data'];

function outcome(nodes: readonly HandNode[], claim: HandClaim): string {
  const { certificate, network } = byHand(nodes, [claim]);
  const { verdict, reason } = checkCertificate(certificate, network).claims[0];
  return verdict === 'verified' ? verdict : `${verdict}: ${reason}`;
}

const ANY: HandNode[] = [{ op: 'input', name: 'x', shape: [1] }];

/** One recurrence h(t) = A h(t-1) + B u(t), y = C' h. */
const model = (A: string[][], B: string[], C: string[]): HandNode[] => [
  { op: 'input', name: 'u', shape: [8] },
  { op: 'reshape', inputs: [0], shape: [8, 1] },
  { op: 'constant', shape: [A.length, A.length], dense: A.flat() },
  { op: 'constant', shape: [A.length, 1], dense: B },
  { op: 'recurrence', inputs: [1, 2, 3], shape: [8, A.length] },
  { op: 'constant', shape: [A.length, 1], dense: C },
  { op: 'matmul', inputs: [4, 5], shape: [8, 1] },
  { op: 'reshape', inputs: [6], shape: [8] },
];

describe('the Airy function', () => {
  /** Its Hankel matrix of order 1 is Ai(s0 (0 - alpha)). */
  const at = (x: string, lo: string, hi: string) => {
    const [s0, alpha] = [x === '0' ? '1' : x.replace('-', ''), x === '0' ? '0' : '1'];
    const data = { target: { family: 'airy', s0, alpha }, n: 1, k: 1, lo, hi };
    return outcome(ANY, {
      id: 's',
      conclusion: { kind: 'hankel-value', ...data },
      steps: [{ rule: 'hankel-value', data }],
    });
  };
  // mpmath.airyai with 40 digits.
  it.each([
    ['0', '355028053887', 12],
    ['-1', '535560883292', 12],
    ['-10', '402412384864', 13],
    ['-20', '176406127077', 12],
    ['-5/2', '112325067692', 12],
  ])('has at %s the absolute value .%s', (x, digits, places) => {
    const [lo, hi] = [BigInt(digits), BigInt(digits) + 1n].map((n) => `${n}/${10n ** BigInt(places)}`);
    expect(at(x, lo, hi)).toBe('verified');
    expect(at(x, hi, hi)).toMatch(/rejected.*0 singular values reach/);
    expect(at(x, lo, lo)).toMatch(/rejected.*1 exceed/);
  });

  it('is not enclosed far to the left, which is no fault of the certificate', () => {
    expect(at('-33', '0', '1')).toMatch(/unfinished.*not enclosed/);
  });

  it.each<[object, RegExp]>([
    [{ family: 'airy', s0: '1' }, /parameter of a memory/],
    [{ family: 'airy', s0: '0', alpha: '1' }, /does not decay/],
    [{ family: 'airy', s0: '1', alpha: '-1' }, /does not decay/],
    [{ family: 'airy', s0: '1', alpha: '1', p: '1' }, /such parameters/],
    [{ family: ['airy'], s0: '1', alpha: '1' }, /is no text/],
    [{ family: 'delay', alpha: '1', s0: '1' }, /such parameters/],
    [{ family: 'toString' }, /no memory/],
  ])('has parameters: not %j', (target, reason) => {
    const data = { target, n: 1, k: 1, lo: '0', hi: '1' };
    const claim = { id: 's', conclusion: {}, steps: [{ rule: 'hankel-value', data }] };
    expect(outcome(ANY, claim)).toMatch(reason);
  });
});

describe('a barrier in the norm H-infinity', () => {
  const delay = { target: { family: 'delay', alpha: '2' }, order: 2, lo: '1', norm: 'H-infinity' };
  const section = { times: ['0', '1', '2'], weights: ['1', '1', '1'] };
  const barrier = (change: Data = {}, more: Data = {}) => {
    const { times, weights, ...fields } = { ...delay, ...section, ...change };
    const claim = {
      ...{ id: 's', conclusion: { kind: 'order-barrier', ...fields, ...more } },
      steps: [{ rule: 'order-barrier', data: { ...fields, times, weights } }],
    };
    return outcome(ANY, claim);
  };

  it('of a delay is 1 for as many states as it is long, and not more', () => {
    expect(barrier()).toBe('verified');
    expect(barrier({ order: 1 })).toBe('verified');
    expect(barrier({ order: 3 })).toMatch(/3 singular values/);
    expect(barrier({ lo: '1000000000000001/1000000000000000' })).toMatch(/0 singular values/);
    expect(barrier({ target: { family: 'delay', alpha: '1' } })).toMatch(/2 singular values/);
    expect(barrier({ target: { family: 'delay', alpha: '5' } })).toMatch(/0 singular values/);
  });

  it('is none of another norm, another section or of a distance that is attained', () => {
    expect(barrier({ norm: 'sup' })).toMatch(/no such norm/);
    expect(barrier({ hi: '1' })).toMatch(/no such norm/);
    expect(barrier({ norm: undefined })).toMatch(/0 singular values/);
    expect(barrier({ weights: ['2', '2', '2'] })).toBe('verified');
    expect(barrier({ weights: ['1', '1', '2'], lo: '1' })).toMatch(/singular values/);
    expect(barrier({ lo: '0' })).toMatch(/not positive/);
    expect(barrier({}, { horizon: '4' })).toMatch(/do not prove/);
    expect(barrier({}, { order: 5 })).toMatch(/do not prove/);
  });
});

describe('a response that is run', () => {
  // Poles (3 +- 4i)/10, of modulus 1/2: r(t) = Re ((3 + 4i)/10)^t = 1, .3, -.07, ... against e^-t.
  const turning = model([['3/10', '-2/5'], ['2/5', '3/10']], ['1', '0'], ['1', '0']); // biome-ignore format: a matrix
  const data = {
    target: { family: 'exponential', alpha: '1' },
    at: '2',
    lo: '2053/10000',
    hi: '2054/10000',
    steps: 12,
  };
  const verdict = (change: Data = {}, nodes = turning, states = 2) => {
    const { steps, ...fields } = { ...data, ...change };
    const conclusion = { kind: 'response-distance', ...fields, states };
    return outcome(nodes, { id: 's', conclusion, steps: [{ rule: 'response-distance', data: { ...fields, steps } }] });
  };

  it('is as far off as stated', () => {
    expect(verdict()).toBe('verified');
    expect(verdict({ at: '1', lo: '67/1000' })).toBe('verified');
    // With a pole and its conjugate each: of order 2 for four states.
    const pair = model(
      [['3/10', '-2/5', '0', '0'], ['2/5', '3/10', '0', '0'], ['0', '0', '3/10', '2/5'], ['0', '0', '-2/5', '3/10']], // biome-ignore format: a matrix
      ['1/2', '0', '1/2', '0'],
      ['1', '0', '1', '0'],
    );
    expect(verdict({}, pair)).toBe('verified');
    expect(verdict({}, pair, 4)).toMatch(/do not prove/);
  });

  it.each<[what: string, change: Data, reason: RegExp, nodes?: HandNode[]]>([
    ['a larger lower end', { lo: '2054/10000' }, /rejected.*not so far off/],
    ['a smaller upper end', { hi: '2053/10000' }, /rejected.*at t = 2 it is off/],
    ['another time', { at: '3' }, /rejected.*not so far off/],
    ['a time that is not run', { at: '12' }, /too few steps/],
    ['too few steps for the rest', { steps: 3 }, /unfinished.*behind 3 steps/],
    ['no step', { steps: 0, at: '0' }, /too few steps/],
    ['steps before the target has settled', { target: { family: 'delay', alpha: '20' } }, /too few steps/],
    ['a number of steps that is none', { steps: 1.5 }, /steps is/],
    ['no steps', { steps: undefined }, /no sum of positive weights/],
    [
      'no steps for an Airy function',
      { steps: undefined, target: { family: 'airy', s0: '1', alpha: '1' } },
      /steps is missing/,
    ],
    ['a pole on the circle', {}, /not stable/, model([['3/5', '-4/5'], ['4/5', '3/5']], ['1', '0'], ['1', '0'])], // biome-ignore format: a matrix
    ['a block of another form', {}, /form/, model([['3/10', '2/5'], ['2/5', '3/10']], ['1', '0'], ['1', '0'])], // biome-ignore format: a matrix
  ])('not with %s', (_, change, reason, nodes) => {
    expect(verdict(change, nodes)).toMatch(reason);
  });
});

describe('a cyclic response', () => {
  const cyclic = model([['0', '0', '1/2'], ['1/2', '0', '0'], ['0', '1/2', '0']], ['1', '0', '0'], ['0', '4', '0']); // biome-ignore format: a matrix
  const verdict = (cycle: unknown, more: Data = {}, nodes = cyclic) => {
    const data = { cycle, ...more };
    return outcome(nodes, {
      ...{ id: 's', conclusion: { kind: 'response', ...data } },
      steps: [{ rule: 'transfer-identity', data }],
    });
  };

  it('has one value in each period', () => {
    expect(verdict([3, 1, '1/2', '4'])).toBe('verified');
    // Twice the period does not do, nor half of what it says.
    expect(verdict([6, 1, '1/2', '4'])).toMatch(/differs .* t = 4/);
    expect(verdict([3, 2, '1/2', '4'])).toMatch(/differs .* t = 1/);
    expect(verdict([3, 1, '1/3', '6'])).toMatch(/differs .* t = 4/);
    expect(verdict([3, 1, '1/2', '2'])).toMatch(/differs .* t = 1/);
    expect(verdict([3, 1, '-1/2', '-4'])).toMatch(/differs .* t = 4/);
  });

  it.each<[unknown, RegExp]>([
    [[3, 3, '1/2', '4'], /a time is 3/],
    [[0, 0, '1/2', '4'], /a time is 0/],
    [[3, 1], /ratio/],
    [[3, -1, '1/2', '4'], /a time is/],
    [null, /no list/],
  ])('of a period and a time within: not %j', (cycle, reason) => {
    expect(verdict(cycle)).toMatch(reason);
  });

  it('and no other modes', () => {
    const modes = [[['1', '0'], ['1/2', '0']]]; // biome-ignore format: modes
    expect(verdict([3, 1, '1/2', '4'], { modes })).toMatch(/modes and a cycle/);
  });
});

describe('the least entry of models with a response', () => {
  const half = model([['1/2']], ['3'], ['3']);
  const verdict = (change: Data, nodes = half) => {
    const data = { layers: 1, width: 1, power: 1, value: '9', least: '3', ...change };
    return outcome(nodes, {
      id: 's',
      conclusion: { kind: 'state-space', ...data },
      steps: [{ rule: 'state-space', data }],
    });
  };

  it('is what the first value of the response leaves', () => {
    expect(verdict({})).toBe('verified');
    expect(verdict({ least: '31/10' })).toMatch(/starts with a smaller value/);
    expect(verdict({ width: 2, least: '212/100' })).toBe('verified');
    expect(verdict({ width: 2, least: '213/100' })).toMatch(/starts with a smaller value/);
    expect(verdict({ layers: 2 })).toMatch(/starts with a smaller value/);
    expect(verdict({ least: '-4' })).toMatch(/no such least entry/);
    expect(verdict({}, model([['1/2']], ['3'], ['-3']))).toBe('verified');
  });
});

describe('the doubly stochastic scaling of a matrix', () => {
  /** Of [[4, 1], [1, 1]]: [[2, 1], [1, 2]]/3, with row factors 1 : 2. */
  const A: HandNode[] = [{ op: 'constant', shape: [2, 2], dense: ['4', '1', '1', '1'] }];
  const third = { rows: ['1', '2'], lo: '333333333333/1000000000000', hi: '333333333334/1000000000000' };
  const verdict = (change: Data, nodes = A) => {
    const { rows, ...fields } = { matrix: 'y', ...third, ...change } as Data;
    const conclusion = { kind: 'scaling-limit', ...fields };
    return outcome(nodes, { id: 's', conclusion, steps: [{ rule: 'scaling-limit', data: { ...fields, rows } }] });
  };
  const diagonal = { place: [1, 1], lo: '666666666666/1000000000000', hi: '666666666667/1000000000000' };

  it('has entries between numbers', () => {
    expect(verdict({ place: [1, 2] })).toBe('verified');
    expect(verdict(diagonal)).toBe('verified');
    expect(verdict({ ...diagonal, place: [2, 2], rows: ['5', '10'] })).toBe('verified');
    // From 1 : 1 it is 4/5 rho^-2 to 4/5 rho^2, rho = 13/7 and (2 2 - 1)^2 >= theta = 4.
    expect(verdict({ place: [1, 1], rows: ['1', '1'], lo: '23/100', hi: '276/100' })).toBe('verified');
    expect(verdict({ ...diagonal, rows: ['1', '1'] })).toMatch(/unfinished: .*it may be/);
  });

  it('is so far from another matrix', () => {
    const apart = { of: 'y', quantity: 'difference', lo: '333/100', hi: '334/100' };
    expect(verdict(apart)).toBe('verified');
    expect(verdict({ ...apart, hi: '333/100' })).toMatch(/rejected: .*it is between/);
    expect(verdict({ of: 'y', quantity: 'factor', lo: '599/100', hi: '601/100' })).toBe('verified');
    expect(verdict({ of: 'y', quantity: 'factor', lo: '1', hi: '599/100' })).toMatch(/rejected: .*it is between/);
  });

  it.each<[what: string, change: Data, reason: RegExp, nodes?: HandNode[]]>([
    ['a larger lower end', { ...diagonal, lo: '667/1000', hi: '1' }, /rejected: .*it is between/],
    ['a smaller upper end', { ...diagonal, lo: '0', hi: '666/1000' }, /rejected: .*it is between/],
    ['crossed ends', { ...diagonal, lo: '1', hi: '0' }, /rejected/],
    ['another place', { ...diagonal, place: [1, 2] }, /rejected: .*it is between/],
    ['a place outside', { ...diagonal, place: [3, 1] }, /a place is 3/],
    ['the place 0', { ...diagonal, place: [0, 1] }, /no such place/],
    ['three indices', { ...diagonal, place: [1, 1, 1] }, /no such place/],
    ['no place', {}, /is no list/],
    ['too few rows', { ...diagonal, rows: ['1'] }, /not square and positive/],
    ['a row factor 0', { ...diagonal, rows: ['1', '0'] }, /not square and positive/],
    ['a place and another matrix', { ...diagonal, of: 'y', quantity: 'factor' }, /bounds nothing/],
    ['another quantity', { of: 'y', quantity: 'sum' }, /bounds nothing/],
    ['a quantity of nothing', { quantity: 'factor' }, /no output/],
    ['another output', { ...diagonal, matrix: 'z' }, /no output/],
    [
      'an entry 0',
      diagonal,
      /not square and positive/,
      [{ op: 'constant', shape: [2, 2], dense: ['4', '1', '0', '1'] }],
    ],
    ['a matrix that is not square', diagonal, /not square/, [{ op: 'constant', shape: [2, 1], dense: ['4', '1'] }]],
    ['an input', diagonal, /has no value|no constant/, [{ op: 'input', name: 'x', shape: [2, 2] }]],
    ['entries far apart', diagonal, /unfinished/, [{ op: 'constant', shape: [2, 2], dense: [`1${'0'.repeat(60)}`, '1', '1', '1'] }]], // biome-ignore format: a row
  ])('not with %s', (_, change, reason, nodes) => {
    expect(verdict(change, nodes)).toMatch(reason);
  });
});

describe('poles that layers have no room for', () => {
  const answer = (
    poles: readonly string[],
    residues: readonly string[],
    size: { layers: number; width: number },
    length?: number,
  ) => {
    const A = poles.map((pole, i) => poles.map((_, j) => (i === j ? pole : '0')));
    const nodes = model(
      A,
      poles.map(() => '1'),
      [...residues],
    );
    const modes = poles.map((pole, i) => [
      [residues[i], '0'],
      [pole, '0'],
    ]);
    const response = { modes, ...(length && { length }) };
    return outcome(nodes, {
      id: 'p',
      conclusion: { kind: 'pole-count', ...size, response: { kind: 'response', ...response } },
      steps: [
        { rule: 'transfer-identity', data: response },
        { rule: 'pole-counting', premises: ['s0'], data: size },
      ],
    });
  };

  it('are counted', () => {
    const [poles, residues] = [
      ['1/2', '1/3', '-1/4'],
      ['1', '-2', '1'],
    ];
    expect(answer(poles, residues, { layers: 1, width: 2 })).toBe('verified');
    expect(answer(poles, residues, { layers: 5, width: 1 })).toBe('verified');
    expect(answer(poles, residues, { layers: 1, width: 3 })).toMatch(/rejected.*have room for 3/);
    expect(answer(poles, residues, { layers: 2, width: 2 })).toMatch(/rejected.*have room for 3/);
    expect(answer(poles, residues, { layers: 0, width: 2 })).toMatch(/rejected.*have room/);
    expect(answer(poles, residues, { layers: 1, width: 2 }, 8)).toMatch(/rejected.*at all times/);
    // Two layers of width 1, each with a pole, and one of the chains 1/2, 1/3: residues over poles add up to 0.
    expect(answer(['1/2', '1/3'], ['3', '-2'], { layers: 2, width: 1 })).toMatch(/rejected.*faster than 1/);
    expect(answer(['1/2', '1/2'], ['1', '1'], { layers: 1, width: 1 })).toMatch(/rejected.*the same/);
    expect(answer(['1/2', '0'], ['1', '1'], { layers: 2, width: 1 })).toMatch(/rejected.*is 0/);
    expect(answer(['1/2', '1/3'], ['1', '0'], { layers: 1, width: 1 })).toMatch(/rejected.*is 0/);
  });
});

it('leaves sets open that are longer than it lists', () => {
  expect(() => ranges('1..50000001')).toThrow(Unfinished);
  expect(() => ranges('5..1')).toThrow(Rejected);
});
