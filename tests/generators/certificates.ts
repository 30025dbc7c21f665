import { certificate } from '../../src/certificate/certificate.js';
import { resolveInstance } from '../../src/cli/instance.js';
import { canonicalForm } from '../../src/network/canonical.js';
import { verify } from '../../src/proof/verify.js';

/** A certificate and the network that it is about, as texts. */
export interface Certified {
  readonly certificate: string;
  readonly network: string;
}

/** The certificate of an instance file, or of a theorem with all parameters given. */
export async function certify(argument: string, params: readonly string[] = []): Promise<Certified> {
  const { theorem, instance } = await resolveInstance(argument, params);
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
  ['single-layer-barrier', ['T=4', 'beta=3', 'gap=1/4', 'eps=1/100']],
  ['head-lower-bound', ['T=33', 'D=4', 's=1', 'n=2', 'beta=20']],
  [
    'infoflow-calculus',
    ['T=4', 'd=1', 'E=4', 'layers=["2 x argmax, select -1", "argmax", "argmax"]'].concat(
      'task=["argmax(self, argmax(self, offset -1))", "offset -1", "argmax(self)"]',
    ),
  ],
  ['two-layer-pairwise-max', ['T=2', 'd=2', 'A=["1 -2; 0 0"]', 'eps=2']],
  ['two-layer-pairwise-max', ['T=2', 'd=1', 'A=["1", "1/2"]', 'eps=1']],
  ['induction-heads', ['n=3', 'm=2']],
];
