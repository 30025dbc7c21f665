import {
  absName,
  HALVES,
  productNet,
  productParameters,
  type Squares,
  squareName,
} from '../../constructions/product-net.js';
import { toothName } from '../../constructions/tooth-net.js';
import {
  type Audit,
  approximation,
  atMost,
  type Claim,
  counterexample,
  type Half,
  InputError,
  integer,
  optional,
  parameterClaim,
  proveByExactEvaluation,
  proveInterpolatedSquare,
  proveInterpolatedSquareRange,
  provePiecewiseIdentity,
  provePolarisation,
  Rational,
  rational,
  type Step,
  supremumNorm,
  type Theorem,
  tensor,
  type ValuesOf,
  weightClaim,
  withDefault,
  withoutData,
} from '../../src/index.js';

const parameters = {
  m: optional(integer('layers of each square net', { min: 1, max: 128 }), 'none: squares of N pieces'),
  N: optional(integer('pieces of each square', { min: 1, max: 1 << 14 }), 'none: squares of m layers'),
  U: withDefault(rational('x and y lie in [-U/2, U/2]', { above: '0' }), '2'),
};

type Params = ValuesOf<typeof parameters>;
type ProductAudit = Audit<Params, Squares>;
type ProductClaim = Claim<Params, Squares>;

const FOUR = Rational.of(4);
const TARGET = 'x[1]*x[2]';

function prediction(squares: Squares): Rational {
  if ('m' in squares) return Rational.pow2(-2 * squares.m - 2);
  return squares.U.pow(2).div(FOUR.mul(Rational.of(squares.N).pow(2)));
}

/** x and y where one square is off by most and the other not at all. */
function extremal(squares: Squares): readonly [Rational, Rational] {
  if ('m' in squares) {
    const z = Rational.pow2(-squares.m - 1);
    return [z, z];
  }
  const middle = squares.U.div(Rational.of(2 * squares.N));
  return [middle, squares.N % 2 === 0 ? middle : middle.neg()];
}

function proveHalf({ network, design, params: { U } }: ProductAudit, half: string): Half {
  const square = squareName(half);
  const end = U.div(Rational.of(2));
  if ('N' in design) return proveInterpolatedSquareRange(network, half, square, { lo: end.neg(), hi: end });
  const absolute = absName(half);
  const corner = [end.neg(), Rational.zero, end].map((x) => ({ x, y: x.abs() }));
  const piece = { network, from: half, to: absolute };
  const fold = provePiecewiseIdentity(piece, corner, absolute, `'${absolute}' = |${half}|`);
  const layers = Array.from({ length: design.m }, (_, k) => toothName(square, k + 1));
  const premises = [`${absolute}.value`, `${absolute}.range`];
  const { steps, error } = proveInterpolatedSquare(network, [absolute, ...layers], square, premises);
  return { half, square, steps: [fold, ...steps], error };
}

/** What a half is and its range; with m layers also what its absolute value is; with N pieces the error of its square. */
function halfEvidence({ network, design, params: { U } }: ProductAudit, { half, square, error }: Half): Step[] {
  const number = (name: string) => network.nodes.indexOf(network.find(name)!);
  const [lo, hi] = endsOf(U);
  const text = half === HALVES[0] ? '(x[1] + x[2])/2' : '(x[1] - x[2])/2';
  const step = (id: string, rule: string, data: object, premises?: readonly string[]): Step => {
    const statement = `'${id}', as a checker redoes it`;
    return { id, rule, statement, verdict: 'proved', enclosure: null, premises, data: () => ({ ...data }) };
  };
  const place = { node: number(half), domain: { x: [lo, hi] }, entries: '0' };
  const own = [
    step(`${half}.value`, supremumNorm.id, { ...place, target: text, lo: '0', hi: '0' }),
    step(`${half}.range`, supremumNorm.id, { ...place, target: '0', lo, hi }),
  ];
  const premises = own.map(({ id }) => id);
  const inner = (id: string, node: string, target: string, ends: readonly [string, string]) =>
    step(id, 'inner-function', { node: number(node), z: number(half), target, lo: ends[0], hi: ends[1] }, premises);
  if ('N' in design) return [...own, inner(`${square}.error`, square, 'z^2', [`${error!.lo}`, `${error!.hi}`])];
  const absolute = absName(half);
  return [
    ...own,
    inner(`${absolute}.value`, absolute, 'abs(z)', ['0', '0']),
    inner(`${absolute}.range`, absolute, '0', ['0', '1']),
  ];
}

/** The output is the difference of the squares, and the difference of what they approximate is the product. */
function productEvidence({ network }: ProductAudit, halves: readonly Half[]): Step[] {
  const node = network.nodes.indexOf(network.outputs.find(({ name }) => name === 'y')!.node);
  const base = { verdict: 'proved', enclosure: null } as const;
  const z = halves.map(({ square }) => [network.nodes.indexOf(network.find(square)!), 0] as const);
  return [
    {
      ...base,
      id: 'composition',
      rule: 'lipschitz-composition',
      statement: 'the output is the difference of the squares',
      premises: halves.map(({ square }) => `${square}.error`),
      data: () => ({ node, readout: 'z1 - z2', z }),
    },
    {
      ...base,
      id: 'target',
      rule: 'same-target',
      statement: 'the difference of the squares of the halves is the product',
      premises: ['composition'],
      data: () => ({ node, entry: 0, target: TARGET }),
    },
  ];
}

function endsOf(U: Rational): readonly [string, string] {
  const end = U.div(Rational.of(2));
  return [end.neg().toString(), end.toString()];
}

const error: ProductClaim = {
  id: 'error',
  kind: 'bound',
  statement: 'the output is x y up to U^2/(4 N^2), or up to 2^(-2m-2)',
  tex: '\\max |y(x_1, x_2) - x_1 x_2| \\le \\frac{U^2}{4N^2} \\text{ or } 2^{-2m-2}',
  trust: 'proved',
  prove: (audit) => {
    const predicted = audit.stated ?? prediction(audit.design);
    const [plus, minus] = HALVES.map((half) => proveHalf(audit, half));
    const [x, y] = extremal(audit.design);
    const samples = [{ inputs: { x: tensor([2], [x, y]) }, expected: x.mul(y) }];
    const { step, worst } = proveByExactEvaluation(
      audit.network,
      'y',
      samples,
      predicted,
      'witness',
      'the error at one point',
    );
    const output = audit.network.outputs.find(({ name }) => name === 'y')!.node;
    const { steps, error } = provePolarisation(audit.network, output, plus, minus);
    const hi = error ? error.lo!.abs().max(error.hi!.abs()) : null;
    const enclosure = { lo: worst.error, hi };
    const verdict = atMost(enclosure, predicted);
    const claim = approximation('y', { x: endsOf(audit.params.U) }, TARGET, { above: predicted, below: predicted });
    const refutation = counterexample(claim, { x: [x, y] }, { lo: worst.error, bound: predicted });
    const halves = [plus, minus];
    const evidence = () => [
      ...halves.flatMap((half) => halfEvidence(audit, half)),
      ...steps,
      ...productEvidence(audit, halves),
    ];
    const proof =
      verdict === 'proved'
        ? { steps: [...evidence(), ...withoutData([step])], conclusion: () => claim }
        : { ...refutation, steps: [...steps, step, ...refutation.steps] };
    return {
      verdict,
      statement: audit.stated && `the output is x y up to ${audit.stated}`,
      predicted,
      enclosure,
      witness: { x: [x, y].map(String), output: worst.value.toString() },
      ...proof,
      method: 'two squares',
    };
  },
};

const theorem: Theorem<typeof parameters, Squares> = {
  id: 'relu-product',
  summary: 'a product is the difference of two squares: error U^2/(4 N^2) with N pieces, 2^(-2m-2) with m layers',
  statement:
    'xy = ((x+y)/2)^2 - ((x-y)/2)^2. With both squares interpolated on N pieces of [-U/2, U/2], and x, y in the same ' +
    'interval: |error| <= U^2/(4 N^2). With the square nets of m layers on [-1,1]^2: |error| <= 2^(-2m-2). Both ' +
    'bounds are attained.',
  source: { paper: 'arXiv:1610.01145', theorem: 'Proposition 3, with sharp constants', trust: 'proved' },
  parameters,
  construct: ({ m, N, U }) => {
    const squares = readSquares(m, N, U);
    return { network: productNet(squares), design: squares };
  },
  claims: [
    error,
    parameterClaim({ statement: '6N + 6, or 14m + 14', tex: '6N + 6 \\text{ or } 14m + 14' }, (_, squares) =>
      Rational.of(productParameters(squares)),
    ),
    weightClaim({ statement: 'max(1, U, U^2/4), or 4', tex: '\\max(1, U, U^2/4) \\text{ or } 4' }, (_, squares) =>
      'm' in squares ? FOUR : Rational.one.max(squares.U).max(squares.U.pow(2).div(FOUR)),
    ),
  ],
  inputs: ({ U }) => ({ lo: U.div(Rational.of(-2)), hi: U.div(Rational.of(2)) }),
  rates: [
    { quantity: 'error', against: 'N', exponent: '-2', formula: () => 'U^2/(4*N^2)' },
    { quantity: 'error', against: '2^m', exponent: '-2', formula: () => '1/(4*x^2)' },
  ],
};

function readSquares(m: number | undefined, N: number | undefined, U: Rational): Squares {
  const allowed = 'either m, for squares of m layers on [-1,1]^2, or N, for squares of N pieces';
  if (m !== undefined && N !== undefined) throw new InputError({ field: 'm', found: 'both m and N', allowed });
  if (N !== undefined) return { N, U };
  if (m === undefined) throw new InputError({ field: 'm', found: 'neither m nor N', allowed });
  if (!U.equals(Rational.of(2)))
    throw new InputError({ field: 'U', found: `U = ${U} with m`, allowed: 'U = 2 with m' });
  return { m };
}

export default theorem;
