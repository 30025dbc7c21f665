import type { Certified } from './certificates.js';
import { byHand, direct, type HandNode, type HandStep } from './certificates-by-hand.js';

const times = <T>(n: number, item: (k: number) => T): T[] => Array.from({ length: n }, (_, k) => item(k));
const digits = (n: number, seed = 7): string => {
  let state = seed;
  return times(n, (k) => {
    state = (state * 48271) % 0x7fffffff;
    return k === 0 ? '9' : String(state % 10);
  }).join('');
};
const input = (...shape: number[]): HandNode => ({ op: 'input', shape, name: 'x' });
const constant = (shape: number[], dense: string[]): HandNode => ({ op: 'constant', shape, dense });
const unary = (op: string, of: number, shape: number[], more: object = {}): HandNode => ({
  op,
  inputs: [of],
  shape,
  ...more,
});
const binary = (op: string, a: number, b: number, shape: number[]): HandNode => ({ op, inputs: [a, b], shape });

/** A certificate with one claim of one step after others. */
const step = (nodes: readonly HandNode[], ...steps: HandStep[]) => byHand(nodes, [{ id: 'c', conclusion: {}, steps }]);
const identity = (nodes: readonly HandNode[]) => {
  return step(nodes, { rule: 'affine-identity', data: { node: nodes.length - 1, entries: ['x'] } });
};
const samples = (nodes: readonly HandNode[], x: string[]) => {
  return step(nodes, {
    rule: 'exact-evaluation',
    data: { output: 'y', bound: '1', samples: [{ inputs: { x }, expected: '0' }] },
  });
};
const bound = (nodes: readonly HandNode[], target: string, more: object = {}) => {
  const data = { node: nodes.length - 1, domain: { x: ['0', '1'] }, entries: '0', target, lo: '-1', hi: '1', ...more };
  return step(nodes, { rule: 'sup-norm', data });
};
/** The first node against a target and what follows from that, in a claim about the last node and another one. */
const compared = (nodes: readonly HandNode[], target: string, concluded: string, ...steps: HandStep[]) => {
  const data = { node: 0, domain: { x: ['0', '1'] }, entries: '0', target, lo: '-2', hi: '0' };
  const place = { output: 'y', domain: data.domain, target: concluded, lo: '-9', hi: '9' };
  const claim = { id: 'c', conclusion: { kind: 'approximation', ...place } };
  return byHand(nodes, [{ ...claim, steps: [{ rule: 'sup-norm', data }, ...steps] }]);
};
const at = (target: string, x: string, size = 1) => {
  const data = {
    text: `for all x in R^${size}: |y - (${target})| <= 0`,
    point: { x: times(size, () => x) },
    holds: false,
  };
  return step([input(size), unary('reduceSum', 0, [], { axis: 0 })], { rule: 'instance', data });
};
/** h(t) = A h(t-1) + B u(t), y = C h. */
const recurrence = (length: number, m: number, A: string[], B: string[], C: string[]): HandNode[] => [
  input(length),
  unary('reshape', 0, [length, 1]),
  constant([m, m], A),
  constant([m, 1], B),
  { op: 'recurrence', inputs: [1, 2, 3], shape: [length, m] },
  constant([m, 1], C),
  binary('matmul', 4, 5, [length, 1]),
  unary('reshape', 6, [length]),
];
const raw = (claims: string): Certified => {
  const { certificate, network } = byHand([input(1)], []);
  return { certificate: certificate.replace('"claims":[]', `"claims":${claims}`), network };
};
const deepChain = (depth: number, layer: (k: number) => HandNode[]): HandNode[] => [
  input(1),
  ...times(depth, layer).flat(),
];

/** Files below ten megabytes that ask for much: by name, each made when it is asked for. */
export const HOSTILE: Readonly<Record<string, () => Certified>> = {
  'a million rows of a lemma': () => {
    const x = { of: 'x', first: 0, stride: 1 };
    const data = {
      text: 'for all x in [0, 1]^2: |y[1] - y[1]| <= 0',
      lemma: 'softmax-distance',
      with: { T: '1..2', z: x, u: x, D: '0' },
      rows: 2 ** 20 - 1,
    };
    return step([input(2), unary('softmax', 0, [2], { axis: 0 })], { rule: 'stated-lemma', data });
  },
  'six long fractions multiplied, and 2000 sums': () => {
    const mul = times(5, (k) => binary('mul', k === 0 ? 1 : 6 + k, k + 2, [1]));
    const gathers = times(6, (k) => unary('gather', 0, [1], { axis: 0, indices: [k] }));
    const added = constant(
      [2000],
      times(2000, (k) => `1/${2 * k + 3}`),
    );
    const nodes = [
      input(6),
      ...gathers,
      ...mul,
      added,
      binary('add', 11, 12, [2000]),
      unary('reduceMax', 13, [], { axis: 0 }),
    ];
    return samples(
      nodes,
      times(6, (k) => `${digits(9990, k + 1)}/${digits(9991, k + 11)}`),
    );
  },
  'a pole of 10,000 digits for 5000 times': () => {
    const pole = `${digits(9998)}/1${digits(9998, 3)}`;
    return step(recurrence(5000, 1, [pole], ['1'], ['1']), {
      rule: 'transfer-identity',
      data: {
        modes: [
          [
            ['1', '0'],
            [pole, '0'],
          ],
        ],
        length: 5000,
      },
    });
  },
  'an input of twelve million entries': () => identity([input(12_000_000)]),
  'powers of powers': () => at(`${'('.repeat(90)}x${'^64)'.repeat(90)}`, '3'),
  'powers of powers of functions': () => bound([input(1)], `${'exp('.repeat(60)}x${'^8)'.repeat(60)}`),
  'a response of entries with 10,000 digits': () => {
    const part = (k: number) => `${digits(9000, k)}/1${digits(9990, k + 50)}`;
    const A = times(9, (k) => part(k + 1));
    return step(recurrence(64, 3, A, ['1', '1', '1'], ['1', '1', '1']), {
      rule: 'response-sum',
      data: { target: [], steps: 100_000, lo: '0', hi: '1' },
    });
  },
  'three million empty objects': () => raw(`[${'{},'.repeat(3_000_000)}{}]`),
  'three million empty texts': () => raw(`[${'"",'.repeat(3_000_000)}""]`),
  'five million numbers': () => raw(`[${'1,'.repeat(4_900_000)}1]`),
  'half a million fields': () => raw(`[{${times(500_000, (k) => `"${k}":1`).join()}}]`),
  'a text of nine million escapes': () => raw(`["${'\\\\'.repeat(4_500_000)}"]`),
  'a format of lists in lists': () => {
    const { network } = raw('[]');
    return { certificate: `{"format":${'['.repeat(30)}${']'.repeat(30)}}`, network };
  },
  'lists in lists': () => raw(`${'['.repeat(4_000_000)}`),
  'eighty thousand claims': () => {
    const data = '{"relations":[["1",">","0"]]}';
    const claim = (k: number) =>
      `{"id":"c${k}","conclusion":{},"steps":[{"id":"s","rule":"arithmetic","data":${data}}]}`;
    return raw(`[${times(80_000, claim).join()}]`);
  },
  'many steps that rest on all before': () => {
    const bounds = { node: 0, domain: { x: ['0', '1'] }, entries: '0', target: 'x', lo: '0', hi: '0' };
    const rests = (k: number): HandStep => ({
      rule: 'lipschitz-composition',
      premises: times(k + 1, (j) => `s${j}`),
      data: { node: 0, readout: 'z1', z: [[0, 0]] },
    });
    return step([input(1)], { rule: 'sup-norm', data: bounds }, ...times(1300, rests));
  },
  'one premise a million times': () => {
    const bounds = { node: 0, domain: { x: ['0', '1'] }, entries: '0', target: 'x', lo: '0', hi: '0' };
    const data = { node: 0, readout: 'z1', z: [[0, 0]] };
    return step(
      [input(1)],
      { rule: 'sup-norm', data: bounds },
      { rule: 'lipschitz-composition', premises: times(1_000_000, () => 's0'), data },
    );
  },
  'a chain of fifty thousand sums': () =>
    bound(
      deepChain(50_000, (k) => [constant([], [`-${k + 1}/100003`]), binary('add', 2 * k, 2 * k + 1, [1])]),
      'x',
    ),
  'relus of relus': () => {
    const layer = (k: number) => [
      constant([1], [`-1/${k + 2}`]),
      binary('add', 3 * k, 3 * k + 1, [1]),
      unary('relu', 3 * k + 2, [1]),
    ];
    return bound(deepChain(20_000, layer), 'x');
  },
  'folds of folds': () => {
    const layer = (k: number) => [
      constant([1], ['-1/2']),
      binary('add', 4 * k, 4 * k + 1, [1]),
      binary('sub', 4 * k + 1, 4 * k, [1]),
      binary('max', 4 * k + 2, 4 * k + 3, [1]),
    ];
    return bound(deepChain(40, layer), 'x^2');
  },
  'products of long numbers': () => {
    const squares = times(5, (k) => binary('mul', k, k, [1]));
    return samples([input(1), ...squares], [`${digits(9000)}/${digits(9000, 5)}`]);
  },
  'sums of long coprime fractions': () => {
    const dense = times(480, (k) => `1/${digits(9990, k + 1)}`);
    return samples(
      [constant([480], dense), input(1), binary('add', 0, 1, [480]), unary('reduceSum', 2, [], { axis: 0 })],
      ['1'],
    );
  },
  'a maximum of long fractions': () => {
    const dense = times(480, (k) => `${digits(9990, k + 2)}/${digits(9990, k + 1)}`);
    return samples(
      [constant([480], dense), input(1), binary('add', 0, 1, [480]), unary('reduceMax', 2, [], { axis: 0 })],
      ['1'],
    );
  },
  'a dense product of matrices': () => {
    const ones = times(250_000, (k) => `${(k % 9) + 1}`);
    const nodes = [
      input(500, 500),
      constant([500, 500], ones),
      binary('matmul', 0, 1, [500, 500]),
      binary('matmul', 2, 1, [500, 500]),
    ];
    return identity(nodes);
  },
  'a dense layer of relus': () => {
    const ones = times(360_000, (k) => `${(k % 97) + 1}`);
    const nodes = [input(600), constant([600, 600], ones), binary('matmul', 0, 1, [600]), unary('relu', 2, [600])];
    return identity([...nodes, binary('matmul', 3, 1, [600]), unary('relu', 4, [600]), binary('matmul', 5, 1, [600])]);
  },
  'products of products': () => {
    const nodes = [input(300), ...times(60, (k) => binary('mul', k, k === 0 ? 0 : k - 1, [300]))];
    return identity(nodes);
  },
  'a softmax over many': () => identity([input(300_000), unary('softmax', 0, [300_000], { axis: 0 })]),
  'a softmax over matrices of tokens': () => {
    const nodes = [
      input(600, 2),
      unary('transpose', 0, [2, 600], { perm: [1, 0] }),
      binary('matmul', 0, 1, [600, 600]),
    ];
    return identity([...nodes, unary('softmax', 2, [600, 600], { axis: 1 }), binary('matmul', 3, 0, [600, 2])]);
  },
  'broadcasts of broadcasts': () => {
    const nodes = [
      input(4000, 1),
      unary('transpose', 0, [1, 4000], { perm: [1, 0] }),
      binary('add', 0, 1, [4000, 4000]),
    ];
    return identity(nodes);
  },
  'gathers of gathers': () => {
    const indices = times(900_000, () => 0);
    return identity([
      input(1),
      unary('gather', 0, [900_000], { axis: 0, indices }),
      unary('gather', 1, [900_000], { axis: 0, indices }),
    ]);
  },
  'a matrix of zeros with 2^28 entries': () => {
    const nodes: HandNode[] = [
      { op: 'constant', shape: [2 ** 27], sparse: [[0, '1']] },
      unary('reduceMax', 0, [], { axis: 0 }),
    ];
    return identity(nodes);
  },
  'six mixed inputs and many relus': () => {
    const weights = constant(
      [6, 40],
      times(240, (k) => `${((k * 7919) % 23) - 11}/7`),
    );
    const offset = constant(
      [40],
      times(40, (k) => `${((k * 31) % 17) - 8}/5`),
    );
    const nodes = [
      input(6),
      weights,
      binary('matmul', 0, 1, [40]),
      offset,
      binary('add', 2, 3, [40]),
      unary('relu', 4, [40]),
    ];
    return bound([...nodes, unary('reduceSum', 5, [], { axis: 0 })], 'x[1]*x[2]*x[3]*x[4]*x[5]*x[6]', {
      lo: '-1000',
      hi: '0',
    });
  },
  'a steep target of two inputs': () => {
    const nodes = [input(2), unary('relu', 0, [2]), unary('reduceSum', 1, [], { axis: 0 })];
    return bound(nodes, 'sin(1000*x[1]*x[2])*exp(sin(1000*x[1]+700*x[2]))', { lo: '-5', hi: '5' });
  },
  'a steep target of one input': () => bound([input(1)], 'sin(100000*x)*exp(sin(70000*x))', { lo: '-4', hi: '37/10' }),
  'a bound that is nearly attained': () => {
    return bound([input(1)], 'x + exp(sin(50*x))*cos(31*x)^2', { lo: '-27/10', hi: '0' });
  },
  'a long target for many entries': () => {
    const target = times(4000, (k) => `${k + 1}*x[t]`).join('+');
    return bound([input(50_000)], target, { entries: '0..40000', tokens: '1..40001' });
  },
  'a minimum over a million': () => bound([input(1)], `${'min_{t in 1..1000}('.repeat(3)}x*t${')'.repeat(3)}`),
  'a polynomial to the power of a polynomial': () => {
    const big = '((x[1]+x[2]+x[3]+1)^7+(x[1]-x[2])^9)^2';
    return compared([input(3)], 'x[1]', `x[1] + ${times(400, () => `${big} - ${big}`).join(' + ')}`);
  },
  'targets that double with each step': () => {
    const nodes = [input(1), ...times(2000, (k) => binary('add', k, k, [1]))];
    const steps = times(
      2000,
      (k): HandStep => ({
        rule: 'lipschitz-composition',
        premises: [`s${k}`],
        data: { node: k + 1, readout: 'z1+z1', z: [[k, 0]] },
      }),
    );
    return compared(nodes, 'exp(x)', 'x', ...steps);
  },
  'sixty-five thousand cones': () => {
    const data = {
      node: 1,
      cones: 0,
      domain: { x: ['0', '1'] },
      cells: 65_535,
      slope: '9',
      target: 'exp(sin(x))',
      lo: '-1',
      hi: '1',
    };
    return step([input(65_535), unary('reduceMin', 0, [], { axis: 0 })], { rule: 'mcshane', data });
  },
  'a long list of facts': () => {
    const task = times(900, (k) => `${'argmax('.repeat(30)}offset ${k}${')'.repeat(30)}`);
    return step([input(1)], {
      rule: 'information-flow',
      data: { layers: ['999 x argmax'], task, brought: task.map(() => 1) },
    });
  },
  'relations between long numbers': () => {
    const long = digits(1900);
    const relations = times(1200, () => [`${long}*${long}/${digits(1900, 3)}`, '>', `${long}/7`]);
    return step([input(1)], direct('c', '', 'arithmetic', { relations }).steps[0]);
  },
  'an enclosure of long numbers': () => at(times(2000, () => 'x').join('*'), `${digits(10_000)}/3`),
  'an enclosure of a long sum': () => at(times(200_000, (k) => `exp(x[${(k % 9) + 1}])`).join('+'), '1/3', 9),
  'long numbers in a softmax': () => {
    const nodes = [
      input(400),
      unary('softmax', 0, [400], { axis: 0 }),
      unary('gather', 1, [1], { axis: 0, indices: [0] }),
    ];
    const x = times(400, (k) => `${digits(5000, k + 1)}/${digits(5001, k + 2)}`);
    const data = { text: 'for all x in R^400: |y - x[1]| <= 0', point: { x }, holds: false };
    return step(nodes, { rule: 'instance', data });
  },
};
