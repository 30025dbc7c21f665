import { expect, test } from 'vitest';
import { BUDGET, checkCertificate } from '../../src/checker/check.js';
import { byHand, type HandNode } from '../generators/certificates-by-hand.js';

/** y = relu(x), of n numbers. */
const net = (n: number): HandNode[] => [
  { op: 'input', shape: [n], name: 'x' },
  { op: 'relu', inputs: [0], shape: [n] },
];

function verdict(nodes: readonly HandNode[], text: string): string {
  const claim = {
    id: 's',
    conclusion: { kind: 'statement', text },
    steps: [{ rule: 'statement-bounds', data: { text, method: 'slopes' } }],
  };
  const { certificate, network } = byHand(nodes, [claim]);
  return checkCertificate(certificate, network, BUDGET).claims[0].verdict;
}

const [ONE, MAX, SUM] = ["|x - x'|", "max_{i in 1..2}(|x[i] - x'[i]|)", "sum_{i in 1..2}(|x[i] - x'[i]|)"];
type Function = (v: string) => string;
const lipschitz = (f: Function, constant: string, distance: string, set = '[-1, 1]') =>
  `for all x, x' in ${set}: |${f('x')} - (${f("x'")})| <= ${constant}*${distance}`;

/** Flat but for one of four intervals, where the slope is the given one. */
const steepOn =
  (piece: number, slope: number): Function =>
  (v) =>
    [0, 1, 2, 3]
      .map((k) => (k === piece ? slope : 0) - (k - 1 === piece ? slope : 0))
      .map((turn, k) => `${turn}*max(${v} + ${2 - k}/2, 0)`)
      .join(' + ');

test.each([0, 1, 2, 3].flatMap((piece) => [1, -1].map((slope) => [piece, slope] as const)))(
  'a function with the slope 1 or -1 on the piece %i alone (%i) has the constant 1 and no smaller one',
  (piece, slope) => {
    const f = steepOn(piece, slope);
    expect(verdict(net(1), lipschitz(f, '1', ONE))).toBe('verified');
    expect(verdict(net(1), lipschitz(f, '999/1000', ONE))).not.toBe('verified');
    const [from, to] = slope > 0 ? ['x', "x'"] : ["x'", 'x'];
    const ordered = (a: string, b: string) => `for all x, x' in [-1, 1] with x <= x': ${f(a)} <= ${f(b)}`;
    expect(verdict(net(1), ordered(from, to))).toBe('verified');
    expect(verdict(net(1), ordered(to, from))).not.toBe('verified');
  },
);

/** Kinks cross at 0, where hulls of slopes add up to more than any cell has. */
const saddle: Function = (v) => `(max(y(${v})[1], y(${v})[2]) - min(y(${v})[1], y(${v})[2]))`;
const both: Function = (v) => `(y(${v})[1] + y(${v})[2])`;
const twisted: Function = (v) => `(max(${v}[1] - ${v}[2], 0) + max(${v}[1] + ${v}[2], 0))`;
const falling: Function = (v) => `(-max(${v}[1], 0))`;

test.each<[string, Function, string, string, string]>([
  ['|relu(x1) - relu(x2)| in the max norm', saddle, MAX, '2', '199/100'],
  ['|relu(x1) - relu(x2)| in the sum norm', saddle, SUM, '1', '99/100'],
  ['relu(x1) + relu(x2) in the max norm', both, MAX, '2', '3/2'],
  ['relu(x1 - x2) + relu(x1 + x2) in the max norm', twisted, MAX, '2', '199/100'],
  ['relu(x1 - x2) + relu(x1 + x2) in the sum norm', twisted, SUM, '2', '199/100'],
])('%s: the constant is shown, and no smaller one', (_, f, distance, constant, less) => {
  expect(verdict(net(2), lipschitz(f, constant, distance, '[-1, 1]^2'))).toBe('verified');
  expect(verdict(net(2), lipschitz(f, less, distance, '[-1, 1]^2'))).not.toBe('verified');
});

test.each([
  [
    'an entry that is not ordered',
    `for all x, x' in [-1, 1]^2 with x[2] <= x'[2]: ${falling('x')} <= ${falling("x'")}`,
  ],
  ['an entry in which it falls', `for all x, x' in [-1, 1]^2 with x[1] <= x'[1]: ${falling('x')} <= ${falling("x'")}`],
  ['a larger set for one point', "for all x in [0, 1], x' in [0, 2]: |max(x - 1, 0) - max(x' - 1, 0)| <= 1/2*|x - x'|"],
  [
    'what is undefined and cancels',
    "for all x, x' in [-1, 1]: |1/x - 1/x + max(x, 0) - (1/x' - 1/x' + max(x', 0))| <= |x - x'|",
  ],
])('nothing is shown of %s', (_, text) => {
  expect(verdict(net(text.includes('^2') ? 2 : 1), text)).not.toBe('verified');
});
