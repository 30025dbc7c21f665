import { softMinimumNet } from '../../constructions/soft-min.js';
import {
  closedBound,
  derivativeSentence,
  InputError,
  integer,
  type ProvedClaim,
  proveCollision,
  proveDerivative,
  Rational,
  rational,
  readoutSentence,
  type Theorem,
  temptingBound,
  toDecimal,
  type ValuesOf,
  withDefault,
} from '../../src/index.js';

const parameters = {
  T: integer('number of tokens', { min: 2, max: 1 << 14 }),
  beta: rational('inverse temperature', { above: '0' }),
  gap: rational('g, the least gap between the two largest entries', { atLeast: '0', below: '1' }),
  eps: withDefault(rational('error allowed to a readout of the second largest entry', { atLeast: '0' }), '0'),
};

type Params = ValuesOf<typeof parameters>;
type Derivative = ReturnType<typeof proveDerivative>;
type BarrierClaim = ProvedClaim<Params, null, Derivative>;

const METHOD = 'three levels, branch and bound, ball arithmetic';
const STEEPEST = Rational.of(500);
const SHOWN = 6;

const error: BarrierClaim = {
  id: 'error',
  kind: 'barrier',
  statement:
    'where the gap is at least g, |dy/dx_(2)| <= e^{-beta g} max(1 + max(0, W0((T-1)/e) - beta g), beta g - 1)',
  limit: ({ params: { T, beta, gap } }) => closedBound(T, beta.mul(gap)),
  says: ({ params: { gap } }, bound) => derivativeSentence('y', gap, bound),
  prove: ({ params: { gap }, examined }) => {
    const fact = examined.find(({ id }) => id === 'supremum');
    if (fact?.kind !== 'fact') return { outcomes: examined, method: METHOD };
    const { T, beta, u, w } = fact.found;
    const level = (v: Rational) => toDecimal(v.div(beta), SHOWN, 'nearest');
    const { lo } = fact.enclosure!;
    return {
      outcomes: examined,
      method: METHOD,
      notes: [
        `largest at x = (0, -${level(u)}, ${T - 2} x -${level(w)})`,
        temptation(T, beta.mul(gap), lo ?? Rational.zero),
      ],
    };
  },
};

/** Whether the simpler e^{-G} (1 + G) bounds the derivative here. */
function temptation(T: number, G: Rational, attained: Rational): string {
  const { hi } = temptingBound(G);
  const shown = `e^{-beta g} (1 + beta g) = ${toDecimal(hi!, SHOWN, 'up')}`;
  return hi!.lt(attained)
    ? `the tempting ${shown} is false: ${toDecimal(attained, SHOWN, 'down')} is attained with ${T} tokens`
    : `the tempting ${shown} is not exceeded by it`;
}

const slope: BarrierClaim = {
  id: 'slope',
  kind: 'barrier',
  statement: 'a readout of y that gives x_(2) up to eps has at least this Lipschitz constant',
  limit: () => Rational.zero,
  says: ({ params: { T, eps }, stated }, bound) =>
    readoutSentence('y', { kind: 'second-largest', T }, eps, 'slope', bound, stated === undefined),
  prove: ({ params, network, examined }) => {
    const { T, eps } = params;
    const tried = candidates(params).map((pair) => {
      const [x, other] = pair.map((second) => pairInput(T, second));
      return { pair, outcomes: proveCollision(network, 'y', { kind: 'second-largest', T }, eps, [x, other]) };
    });
    const slopeOf = ({ outcomes }: (typeof tried)[number]) => outcomes[0].enclosure?.lo ?? Rational.zero;
    const best = tried.reduce((most, next) => (slopeOf(most).lt(slopeOf(next)) ? next : most));
    const sup = examined.find(({ id }) => id === 'supremum')?.enclosure?.hi;
    const inverse = sup && sup.sign() > 0 ? [toDecimal(sup.inverse(), SHOWN, 'down')] : [];
    return {
      outcomes: best.outcomes,
      method: 'two inputs, interval arithmetic',
      notes: [
        ...inverse.map((least) => `at the gap g itself: at least ${least}, one over the derivative`),
        'as reported (paper): one layer needs Omega(eps^{-(k-1)/n}) parameters for the k-th largest entry; here k = 2, n = 1',
      ],
    };
  },
};

/** Values of x_(2) in two inputs (1, x_2, 0, ..., 0). */
function candidates({ gap, eps }: Params): [Rational, Rational][] {
  const top = Rational.one.sub(gap);
  const starts = [Rational.zero, top.div(Rational.of(2)), top.sub(eps.mul(Rational.of(4))).max(Rational.zero)];
  return starts.flatMap((from): [Rational, Rational][] => [
    [from, top],
    [
      from,
      from
        .add(eps.mul(Rational.of(4)))
        .max(from.add(top).div(Rational.of(2)))
        .min(top),
    ],
  ]);
}

/** (1, x_2, 0, ..., 0). */
function pairInput(T: number, second: Rational): Rational[] {
  return Array.from({ length: T }, (_, t) => (t === 0 ? Rational.one : t === 1 ? second : Rational.zero));
}

const theorem: Theorem<typeof parameters, null, Derivative> = {
  id: 'single-layer-barrier',
  summary: 'one soft maximum hides the second largest entry: its derivative there falls like e^{-beta g}',
  statement:
    'Let y = sum_t p_t x_t with p = softmax(beta x). Where the two largest entries are at least g apart, |dy/dx_(2)| <= ' +
    'e^{-beta g} max(1 + max(0, W0((T-1)/e) - beta g), beta g - 1). A feed-forward net that reads x_(2) off y needs at ' +
    'least the inverse as its slope.',
  source: {
    paper: 'arXiv:2605.17930',
    theorem: 'one layer retrieves only the largest, made explicit',
    trust: 'proved',
  },
  parameters,
  construct: ({ T, beta, gap }) => {
    if (STEEPEST.lt(beta.mul(gap))) {
      throw new InputError({ field: 'beta', found: `beta g = ${beta.mul(gap)}`, allowed: `at most ${STEEPEST}` });
    }
    return { network: softMinimumNet(T, beta.neg()), design: null };
  },
  examine: ({ network, params: { gap } }) => proveDerivative(network, 'y', gap),
  claims: [error, slope],
};

export default theorem;
