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
  InputError,
  integer,
  optional,
  type ProvedClaim,
  parameterClaim,
  productSentence,
  proveProduct,
  Rational,
  rational,
  type SquareNames,
  type Theorem,
  type ValuesOf,
  weightClaim,
  withDefault,
} from '../../src/index.js';

const parameters = {
  m: optional(integer('layers of each square net', { min: 1, max: 128 }), 'none: squares of N pieces'),
  N: optional(integer('pieces of each square', { min: 1, max: 1 << 14 }), 'none: squares of m layers'),
  U: withDefault(rational('x and y lie in [-U/2, U/2]', { above: '0' }), '2'),
};

type Params = ValuesOf<typeof parameters>;
type ProductClaim = ProvedClaim<Params, Squares>;

const FOUR = Rational.of(4);

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

/** The tensors of a half and of its square, by the names of the construction. */
function namesOf(squares: Squares, half: string): SquareNames {
  const square = squareName(half);
  if ('N' in squares) return { half, square };
  const layers = Array.from({ length: squares.m }, (_, k) => toothName(square, k + 1));
  return { half, square, layered: { absolute: absName(half), layers } };
}

function endsOf(U: Rational): readonly [string, string] {
  const end = U.div(Rational.of(2));
  return [end.neg().toString(), end.toString()];
}

const error: ProductClaim = {
  id: 'error',
  kind: 'bound',
  statement: 'the output is x y up to U^2/(4 N^2), or up to 2^(-2m-2)',
  limit: ({ design }) => prediction(design),
  says: ({ network, params: { U } }, bound) => productSentence(network, endsOf(U), bound),
  prove: ({ network, design, params: { U } }) => {
    const [plus, minus] = HALVES.map((half) => namesOf(design, half));
    return { outcomes: proveProduct(network, 'y', [plus, minus], U, extremal(design)), method: 'two squares' };
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
    parameterClaim('6N + 6, or 14m + 14', (_, squares) => Rational.of(productParameters(squares))),
    weightClaim('max(1, U, U^2/4), or 4', (_, squares) =>
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
