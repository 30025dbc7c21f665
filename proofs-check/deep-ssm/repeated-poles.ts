import { unitWeightModel } from '../../constructions/deep-ssm.js';
import { checkPole, DEFAULT_LENGTH, targetParameters } from '../../constructions/ssm-target.js';
import { stateSpaceNetwork } from '../../constructions/state-space.js';
import {
  Gaussian,
  InputError,
  integer,
  type LocatedNumber,
  Rational,
  type Theorem,
  withDefault,
} from '../../src/index.js';
import { closureClaim, inclusionClaim } from './claims/repeated.js';

/** Exact elimination on Hankel matrices of this order takes a second. */
const MOST_STATES = 24;

const HALF: LocatedNumber = { value: new Gaussian(Rational.of(1, 2)), place: {} };

const parameters = {
  l: withDefault(integer('number of layers', { min: 1, max: MOST_STATES }), '2'),
  m: withDefault(integer('width: number of states of a layer', { min: 1, max: MOST_STATES }), '1'),
  poles: { ...targetParameters.poles, fallback: '1/2, l m times', meaning: 'entries of A_1, ..., A_l, layer by layer' },
  length: targetParameters.length,
};

const theorem: Theorem<typeof parameters, { readonly poles: readonly Gaussian[] }> = {
  id: 'repeated-poles',
  summary: 'a deep state-space model with coinciding poles need not equal any one-layer model (a refutation)',
  statement:
    'As reported, every l-layer model of width m equals a one-layer model of width l m. With diagonal state matrices ' +
    'this fails for coinciding poles: m = 1, l = 2, A_1 = A_2 = 1/2 and all other weights 1 give rho(t) = (t + 1) 2^-t, ' +
    'and no sum of exponentials has a term t lam^t. It holds when the poles of all layers are pairwise distinct.',
  source: { paper: 'arXiv:2506.19296', theorem: 'deep models inside wide ones, as reported', trust: 'paper' },
  parameters,
  construct: ({ l, m, poles, length }) => {
    const list = poles ?? new Array<LocatedNumber>(l * m).fill(HALF);
    if (l * m > MOST_STATES) {
      throw new InputError({ field: 'm', found: `l m = ${l * m} states`, allowed: `at most ${MOST_STATES}` });
    }
    if (list.length !== l * m) {
      throw new InputError({ field: 'poles', found: `${list.length} poles`, allowed: `l m = ${l * m}` });
    }
    list.forEach(checkPole);
    const values = list.map(({ value }) => value);
    const network = stateSpaceNetwork(
      unitWeightModel(values, l, m),
      length ?? DEFAULT_LENGTH,
      values.some(({ im }) => !im.isZero()),
    );
    return { network, design: { poles: values } };
  },
  claims: [inclusionClaim, closureClaim],
};

export default theorem;
