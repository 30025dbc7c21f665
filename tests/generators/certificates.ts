import { tensorHat } from '../../constructions/tensor-hat.js';
import { verify } from '../../src/audit/verify.js';
import { certificate } from '../../src/certificate/certificate.js';
import { domain } from '../../src/enclose/box.js';
import { resolveInstance } from '../../src/library/instance.js';
import { canonicalForm, sha256 } from '../../src/network/canonical.js';
import type { Network } from '../../src/network/network.js';
import { Rational } from '../../src/numbers/rational.js';
import { classicalNet } from './networks.js';
import { unshared } from './unshared.js';

/** A certificate and the network that it is about, as texts. */
export interface Certified {
  readonly certificate: string;
  readonly network: string;
}

/** The certificate of an instance file, or of a theorem with all parameters given, with nothing shared. */
export async function certify(argument: string, params: readonly string[] = []): Promise<Certified> {
  const { certificate, network } = await certifyAsWritten(argument, params);
  return { certificate: unshared(certificate), network };
}

/** The same as it is written to a file. */
export async function certifyAsWritten(argument: string, params: readonly string[] = []): Promise<Certified> {
  const { theorem, instance } = await resolveInstance(argument, { param: params });
  const result = await verify(theorem, instance, { seed: 0, digits: 17, execution: [], progress: () => {} });
  return {
    certificate: [...certificate(result, 'network.json')].join(''),
    network: [...canonicalForm(result.network)].join(''),
  };
}

/** One small instance for each rule that the checker knows. */
export const SMALL: readonly (readonly [theorem: string, params: readonly string[]])[] = [
  ['hat-interpolation', ['f=x^2', 'a=0', 'b=1', 'N=3']],
  ['hat-interpolation', ['f=exp(-x)*sin(3*x) + sqrt(x + 1)', 'a=0', 'b=2', 'N=5']],
  ['hat-interpolation', ['f=abs(x - 1/3) + max(x, 1/2)', 'a=-1', 'b=2', 'N=4']],
  ['relu-min-tree', ['S=5']],
  ['yarotsky-square', ['m=3']],
  ['softmin-gap', ['T=4', 'beta=10']],
  ['softmin-gap', ['T=3', 'beta=1/2']],
  [
    'multi-head-retrieval',
    ['T=4', 'd=2', 'eps=1/10', 'features=[(x1-0.3)^2/2 + x2/4, 1/2 + sin(3*x1)/4]', 'positions=["1..2", "2,4"]'].concat(
      'readout=z1 - abs(z2 - z1)/2',
    ),
  ],
  [
    'single-head-memorization',
    ['T=3', 'd=1', 'eps=1/10', 'features=[x1^2, 1 - x1/2]', 'positions=["1..2", "1..3"]', 'readout=max(z1, z2/2)'],
  ],
  ['norm-factorization', ['l=2', 'm=2', 'c1=2', 'poles=[0.6+0.3i, 0.2i, -0.4]', 'residues=[1+i, 3, 2-3i]']],
  ['threshold-min', ['S=3', 'M=2']],
  [
    'single-head-memorization',
    ['T=2', 'd=1', 'eps=1/2', 'features=[x1^2]', 'positions=["1..2"]', 'readout=z1', 'minimum=threshold'],
  ],
  ['two-layer-second-largest', ['T=3', 'eps=1/10']],
  ['attention-contraction', ['n=3', 'B=1/2']],
  ['single-layer-barrier', ['T=4', 'beta=3', 'gap=1/4', 'eps=1/100']],
  ['head-lower-bound', ['T=21', 'D=2', 's=1', 'n=1', 'beta=20']],
  [
    'infoflow-calculus',
    ['T=4', 'd=1', 'E=4', 'layers=["2 x argmax, select -1", "argmax", "argmax"]'].concat(
      'task=["argmax(self, argmax(self, offset -1))", "offset -1", "argmax(self)"]',
    ),
  ],
  ['two-layer-pairwise-max', ['T=2', 'd=2', 'A=["1 -2; 0 0"]', 'eps=2']],
  ['two-layer-pairwise-max', ['T=2', 'd=1', 'A=["1", "1/2"]', 'eps=1']],
  ['induction-heads', ['n=3', 'm=2']],
  ['relu-product', ['m=2']],
  ['relu-product', ['N=3', 'U=3']],
  ['mcshane-extension', ['F=exp(-z1)*z2', 'D=2', 'N=2']],
  ['mcshane-extension', ['F=z1^2', 'D=1', 'N=3', 'L=3']],
  ['telgarsky-sawtooth', ['k=3', 'N=2']],
  ['delay-memory', ['alpha=2', 'm=4', 'eta=1/100', 'horizon=16']],
  [
    'norm-factorization',
    ['l=2', 'm=2', 'c1=2', 'poles=[0.6, 0.2, -0.4]', 'residues=[1, 3, 2]', 'length=6', 'form=parallel'],
  ],
  ['airy-memory', ['s0=1', 'alpha=2', 'm=2', 'n=6', 'horizon=12']],
  ['sinkhorn-certificate', ['matrix=["3, 1", "1, 2"]', 'K=2']],
  ['depth-width-barrier', ['l=2', 'm=1', 'length=8']],
  [
    'multi-head-retrieval',
    ['T=3', 'd=2', 'eps=1/4', 'features=[x1*x2, exp(x1 - x2 - 1)]', 'positions=["1..2", "2..3"]'].concat(
      'readout=z1 - z2/2',
      'featureNet=composed',
    ),
  ],
  [
    'multi-head-retrieval',
    ['T=2', 'd=1', 'eps=1/3', 'features=[x1, 1 - x1]', 'positions=["1..2", "1"]', 'readout=exp(-z1)*z2'].concat(
      'readoutNet=composed',
    ),
  ],
  [
    'multi-head-retrieval',
    ['T=2', 'd=1', 'eps=1/3', 'features=[x1, 1 - x1]', 'positions=["1..2", "1"]', 'readout=z1*z2', 'readoutNet=grid'],
  ],
  ['proofs-check/classical/instances/relu-product-bound-too-small.yaml', ['N=2']],
  ['proofs-check/head-count/instances/memorize-duplicates.yaml', []],
  ['proofs-check/allocation/instances/lipschitz-quarter.yaml', []],
  ['proofs-check/allocation/instances/truncation-given.yaml', []],
  ['komlos-haar-all', ['d=2']],
  ['sinkhorn-steps', ['B=2', 'tol=1/1000']],
  ['star-discrepancy-plane', ['m=2']],
  ['qr-attention', ['n=2']],
  ['k-hop', ['n=3', 'k=5']],
  ['k-hop', ['n=4', 'k=2', 'letters=2']],
  ['automaton-log-depth', ['T=5', 'states=2', 'symbols=2', 'table=["1, 2", "2, 1"]']],
  ['exponential-memory', ['alpha=7/10', 'pole=1/2']],
  ['polynomial-memory', ['p=2', 'm=1', 'n=3']],
  ['rpe-collapse', ['n=2', 'd=1', 'depth=1', 'bias=[0, 1/8, 1/4]', 'delta=1/10']],
  ['rpe-collapse', ['n=3', 'd=1', 'depth=1', 'mask=1']],
  ['proofs-check/classical/instances/hat-interpolation-bound-too-small.yaml', ['N=3', 'f=exp(x)']],
];

const BOX = domain(['x1', 'x2'].map((variable) => ({ variable, lo: Rational.zero, hi: Rational.one })));

/** Certificates of one step that bounds a difference of two inputs over [0, 1]^2. */
export const MIXED: readonly (readonly [target: string, lo: string, hi: string, () => Network])[] = [
  ['x[1]*x[2]', '0', '1/16', () => interpolant((i, j) => Rational.of(i * j, 4))],
  [
    'exp(x[1] - x[2]/2)',
    '-1/10',
    '2/5',
    () => interpolant((i, j) => Rational.of(Math.round(1e6 * Math.exp(i / 2 - j / 4)), 1e6)),
  ],
  ['max(x[1]*x[2], x[2]/2)', '-1/5', '1/5', () => interpolant((i, j) => Rational.of(Math.max(i * j, j), 4))],
  [
    'sqrt(x[1] + x[2])',
    '-13/50',
    '3/100',
    () => interpolant((i, j) => Rational.of(Math.round(1e6 * Math.sqrt((i + j) / 2)), 1e6)),
  ],
  ['x[1]*x[2]', '-1/4', '1/4', () => classicalNet('relu-product', { N: 2, U: Rational.of(2) })],
];

/** On two cells along each axis. */
function interpolant(value: (i: number, j: number) => Rational): Network {
  return tensorHat({ domain: BOX, cells: [2, 2], value: ([i, j]) => value(i, j) }).network;
}

export function certifyMixed([target, lo, hi, build]: (typeof MIXED)[number]): Certified {
  const net = build();
  const network = [...canonicalForm(net)].join('');
  const node = net.nodes.indexOf(net.outputs[0].node);
  const bounds = { domain: { x: ['0', '1'] }, target, lo, hi };
  const steps = [
    { id: 'bound', rule: 'sup-norm', statement: '', premises: [], data: { node, entries: '0', ...bounds } },
  ];
  const conclusion = { kind: 'approximation', output: 'y', ...bounds };
  const certificate = JSON.stringify({
    format: 'exhibit-certificate-1',
    network: { file: 'network.json', sha256: sha256(net) },
    claims: [{ id: 'error', statement: '', conclusion, steps }],
    unchecked: [],
  });
  return { certificate, network };
}
