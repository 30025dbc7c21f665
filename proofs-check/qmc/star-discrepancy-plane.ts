import {
  Builder,
  integer,
  type ProvedClaim,
  proveStarDiscrepancy,
  Rational,
  starSentence,
  type Theorem,
  tensor,
  type ValuesOf,
} from '../../src/index.js';

const parameters = {
  m: integer('2^m points of the Hammersley set (i/2^m, radical inverse of i)', { min: 1, max: 11 }),
};

type Params = ValuesOf<typeof parameters>;

/** m/3 + 13/9 - (-1)^m 4/(9 2^m), over 2^m. */
function formula(m: number): Rational {
  const sign = Rational.of(m % 2 === 0 ? -4 : 4, 9 * 2 ** m);
  return Rational.of(m, 3)
    .add(Rational.of(13, 9))
    .add(sign)
    .div(Rational.of(2 ** m));
}

function radicalInverse(i: number, m: number): Rational {
  let [rest, value] = [i, 0];
  for (let bit = 0; bit < m; bit++, rest = Math.floor(rest / 2)) value = 2 * value + (rest % 2);
  return Rational.of(value, 2 ** m);
}

const error: ProvedClaim<Params, null> = {
  id: 'error',
  kind: 'bound',
  statement: "D* = (m/3 + 13/9 - (-1)^m 4/(9 2^m))/2^m for Hammersley's set, m >= 2",
  limit: ({ params: { m } }) => formula(m),
  says: ({ stated }, bound) => starSentence('P', { hi: bound!, ...(stated ? {} : { lo: bound! }) }),
  prove: ({ network }) => {
    const outcome = proveStarDiscrepancy(network, 'P');
    const box = outcome.kind === 'fact' ? outcome.found : null;
    const witness = box && { box: box.kind, corner: box.corner.map(String), points: box.points };
    return { outcomes: [outcome], method: 'all boxes of the grid, counted exactly', ...(witness && { witness }) };
  },
};

const theorem: Theorem<typeof parameters, null> = {
  id: 'star-discrepancy-plane',
  summary: "the star discrepancy of Hammersley's points in the plane, exactly, for thousands of points",
  statement:
    'The star discrepancy of the 2^m points (i/2^m, radical inverse of i) is (m/3 + 13/9 - (-1)^m 4/(9 2^m))/2^m for m >= 2; at ' +
    'm = 1 it is 3/4, and the formula is false.',
  source: { paper: 'arXiv:2408.06475', theorem: 'star discrepancy of Hammersley sets', trust: 'proved' },
  parameters,
  isObject: true,
  construct: ({ m }) => {
    const b = new Builder();
    const points = Array.from({ length: 2 ** m }, (_, i) => [Rational.of(i, 2 ** m), radicalInverse(i, m)]).flat();
    return { network: b.network({ P: b.constant(tensor([2 ** m, 2], points), 'points') }), design: null };
  },
  claims: [error],
};

export default theorem;
