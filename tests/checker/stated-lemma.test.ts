import { describe, expect, it } from 'vitest';
import { checkCertificate } from '../../src/checker/check.js';
import { byHand, type HandNode } from '../generators/certificates-by-hand.js';

/** y = softmax(x) for three logits. */
const SOFTMAX: HandNode[] = [
  { op: 'input', shape: [3], name: 'x' },
  { op: 'softmax', inputs: [0], shape: [3], axis: 0 },
];

const CLOSE = "for all x, x' in R^3 with max_{i in 1..3}(|x[i] - x'[i]|) <= 1/2: ";
/** 2 tanh(1/4) = 0.48983... */
const DISTANCE = `${CLOSE}sum_{i in 1..3}(|y(x)[i] - y(x')[i]|) <= 49/100`;
const CUBE = 'for all x in [-1/4, 3/4]^3: sum_{i in 1..3}(|y[i] - 1/3|) <= 49/100';
const LARGEST = `${CLOSE}max_{i in 1..3}(|y(x)[i] - y(x')[i]|) <= 49/200`;

const of = (variable: string) => ({ of: variable, first: 0, stride: 1 });
const PAIR = { T: '1..3', z: of('x'), u: of("x'"), D: '1/2' };
const MIDDLE = { ...PAIR, u: [['1/4', '1..3']] };

function outcome(text: string, given: object, lemma = 'softmax-distance', nodes = SOFTMAX) {
  const steps = [{ rule: 'stated-lemma', data: { text, lemma, with: given as Record<string, unknown> } }];
  const { certificate, network } = byHand(nodes, [{ id: 's', conclusion: { kind: 'statement', text }, steps }]);
  const { verdict, reason } = checkCertificate(certificate, network).claims[0];
  return verdict === 'verified' ? verdict : `${verdict}: ${reason}`;
}

describe('a lemma that is a sentence about entries', () => {
  it('is applied to two points, by their condition, and to one, by its set', () => {
    expect(outcome(DISTANCE, PAIR)).toBe('verified');
    expect(outcome(DISTANCE, { ...PAIR, z: of("x'"), u: of('x') })).toBe('verified');
    expect(outcome(CUBE, MIDDLE)).toBe('verified');
    expect(outcome(LARGEST, PAIR, 'softmax-distance-of-weights')).toBe('verified');
    const order = DISTANCE.replace('|x[i]', "|x'[i]").replace("- x'[i]|) <= 1/2", '- x[i]|) <= 1/2');
    expect(outcome(order, PAIR)).toBe('verified');
  });

  it.each<[what: string, text: string, given: object, reason: RegExp, lemma?: string]>([
    ['a smaller bound', DISTANCE.replace('49/100', '489/1000'), PAIR, /leaves .* open/],
    ['a smaller distance', DISTANCE, { ...PAIR, D: '49/100' }, /is not shown/],
    ['a larger one', DISTANCE, { ...PAIR, D: '51/100' }, /leaves .* open/],
    ['a negative one', DISTANCE, { ...PAIR, D: '-1/2' }, /is not shown/],
    ['no condition', DISTANCE.replace(/ with .*: /, ': '), PAIR, /is not shown/],
    ['a condition on two of three', DISTANCE.replace('1..3', '1..2'), PAIR, /is not shown/],
    ['a wider condition', DISTANCE.replace('1/2:', '501/1000:'), PAIR, /is not shown/],
    ['a condition from below', DISTANCE.replace('<= 1/2', '>= 1/2'), PAIR, /is not shown/],
    ['a wider cube', CUBE.replace('-1/4', '-0.26'), MIDDLE, /is not shown/],
    ['another middle', CUBE, { ...MIDDLE, u: [['6/25', '1..3']] }, /is not shown/],
    ['a set of numbers', CUBE.replace('[-1/4, 3/4]^3', '{0..1}^3'), MIDDLE, /is not shown/],
    ['a middle with a hole', CUBE, { ...MIDDLE, u: [['1/4', '1..2']] }, /u\[3\] is not given/],
    ['one token less', DISTANCE, { ...PAIR, T: '1..2' }, /is not about/],
    ['one token more', DISTANCE, { ...PAIR, T: '1..4' }, /has no entry 4/],
    ['no token', DISTANCE, { ...PAIR, T: '' }, /a sum of nothing/],
    ['the same point twice', DISTANCE, { ...PAIR, u: of('x') }, /is not about/],
    ['another variable', DISTANCE, { ...PAIR, u: of('z') }, /no variable/],
    ['a number left out', DISTANCE, { T: '1..3', z: of('x'), u: of("x'") }, /D/],
    ['a number too many', DISTANCE, { ...PAIR, E: '1' }, /E/],
    ['the bound of weights', DISTANCE, PAIR, /is not about/, 'softmax-distance-of-weights'],
    ['the other quantity', LARGEST, PAIR, /is not about/],
    ['a factor', DISTANCE.replace('sum_', '2*sum_'), PAIR, /is not about/],
    [
      'a lemma about entries of nodes',
      DISTANCE,
      { J: '1', O: '2..3', z: of('x'), b: '0', D: '1' },
      /no single bound|not shown/,
      'mass-range',
    ],
    ['a lemma that the book has not', DISTANCE, PAIR, /has no lemma/, 'softmax-nearness'],
    ['a bound from below', DISTANCE.replace(/<= 49/, '>= 49'), PAIR, /no single bound/],
    ['two relations', `${DISTANCE} and 0 <= 1`, PAIR, /no single bound/],
    ['a strict relation', DISTANCE.replace(/<= 49/, '< 49'), PAIR, /no single bound/],
  ])('with %s is not', (_, text, given, reason, lemma) => {
    expect(outcome(text, given, lemma)).toMatch(reason);
  });

  it('bounds how far a softmax is from the mean, by the number of tokens at the upper end', () => {
    // With one of three tokens at 1 and two at -1: 2 (e^2/(e^2 + 2) - 1/3) = 0.90732...
    const text = 'for all x in [-1, 1]^3: sum_{i in 1..3}(|y[i] - 1/3|) <= 9074/10000';
    const given = { J: '', O: '1..3', z: of('x'), b: '-1', D: '2', M: '9074/10000' };
    const departure = (change: object, own = text) => outcome(own, { ...given, ...change }, 'softmax-departure');
    expect(departure({})).toBe('verified');
    expect(departure({}, text.replace('9074', '9073'))).toMatch(/leaves .* open/);
    expect(departure({ M: '9073/10000' }, text.replace('9074', '9073'))).toMatch(/is not shown/);
    expect(departure({ J: '1', O: '2,3' })).toMatch(/is not shown/);
    expect(departure({ D: '1' })).toMatch(/is not shown/);
    expect(departure({ b: '0' })).toMatch(/is not shown/);
    expect(departure({ O: '1..2' })).toMatch(/is not/);
    expect(departure({}, text.replace('[-1, 1]', '[-1, 11/10]'))).toMatch(/is not shown/);
    expect(departure({}, text.replace('- 1/3', '- 1/4'))).toMatch(/is not about/);
  });

  it('bounds what rows of softmaxes add up to, row by row', () => {
    const rows: HandNode[] = [
      { op: 'input', shape: [2, 3], name: 'x' },
      { op: 'softmax', inputs: [0], shape: [2, 3], axis: 1 },
    ];
    const text = 'for all x in [-1, 1]^(2 x 3): sum_{j in 1..3}(|sum_{i in 1..2}(y[i, j]) - 2/3|) <= 18148/10000';
    const z = { ...of('x'), each: 3 };
    const given = { J: '', O: '1..3', z, b: '-1', D: '2', M: '9074/10000' };
    const total = (own = text, change: object = {}, count: unknown = 2) => {
      const data = { text: own, lemma: 'softmax-departure', with: { ...given, ...change }, rows: count };
      const claim = { id: 's', conclusion: { kind: 'statement', text: own }, steps: [{ rule: 'stated-lemma', data }] };
      const { certificate, network } = byHand(rows, [claim]);
      const { verdict, reason } = checkCertificate(certificate, network).claims[0];
      return verdict === 'verified' ? verdict : `${verdict}: ${reason}`;
    };
    expect(total()).toBe('verified');
    expect(total(text.replace('18148', '18147'))).toMatch(/leaves .* open/);
    expect(total(text.replace('2/3', '1'))).toMatch(/is not about/);
    expect(total(text.replace('sum_{i in 1..2}', 'sum_{i in 1..1}'))).toMatch(/is not about/);
    expect(total(text.replace('[-1, 1]', '[-1, 2]'))).toMatch(/is not shown/);
    expect(total(text, { z: of('x') })).toMatch(/is not about/);
    expect(total(text, {}, 1)).toMatch(/is not about/);
    expect(total(text, {}, 3)).toMatch(/has no entry/);
    expect(total(text, {}, 0)).toMatch(/no rows/);
  });

  it('bounds how fast a weight moves, by the largest one', () => {
    // Weights are at most 1/(1 + 2 e^(-1/2)) = 0.45186..., and 2 p (1 - p) = 0.49536...
    const text =
      "for all x, x' in [-1/4, 1/4]^3: |y(x)[2] - y(x')[2]| - 4954/10000*max_{i in 1..3}(|x[i] - x'[i]|) <= 0";
    const given = { J: '2', O: '1,3', z: of('x'), u: of("x'"), b: '-1/4', D: '1/2', m: '452/1000', c: '4954/10000' };
    const slope = (change: object, own = text) => outcome(own, { ...given, ...change }, 'mass-slope');
    expect(slope({})).toBe('verified');
    const everywhere = text.replace('[-1/4, 1/4]', '[-9, 9]').replace('4954/10000', '1/2');
    expect(slope({ b: '-9', D: '18', m: '1/2', c: '1/2' }, everywhere)).toBe('verified');
    expect(slope({ b: '-9', D: '18', m: '49/100', c: '1/2' }, everywhere)).toMatch(/is not shown/);
    expect(slope({ m: '451/1000' })).toMatch(/is not shown/);
    expect(slope({ m: '453/1000' })).toMatch(/is not shown/);
    expect(slope({ m: '1/2' })).toMatch(/is not shown/);
    expect(slope({ m: '6/10', c: '49/100' }, text.replace('4954', '4900'))).toMatch(/is not shown/);
    expect(slope({ c: '4953/10000' })).toMatch(/is not/);
    expect(slope({ J: '1', O: '2,3' })).toMatch(/is not about/);
    expect(slope({ J: '1,2', O: '3' })).toMatch(/is not shown/);
    expect(slope({}, text.replace("x, x' in", "x in [-1/2, 1/4]^3, x' in"))).toMatch(/is not shown|rejected/);
    expect(slope({}, text.replace('1..3', '1..2'))).toMatch(/is not about/);
  });

  it('holds of the network that is there', () => {
    const doubled: HandNode[] = [
      SOFTMAX[0],
      { op: 'add', inputs: [0, 0], shape: [3] },
      { op: 'softmax', inputs: [1], shape: [3], axis: 0 },
    ];
    expect(outcome(DISTANCE, PAIR, 'softmax-distance', doubled)).toMatch(/is not about/);
  });
});
