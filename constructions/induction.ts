/**
 * Two attention layers that continue a text as it went on before (induction heads): after the symbols sigma_1 ... sigma_n
 * the output names the symbol that followed the latest earlier occurrence of sigma_n.
 *
 * Token 0 is a start token with the code 0; symbols have codes c_s, positions codes p_j, points of the unit circle (n + 1
 * of them for positions) rounded to doubles: these rational points are the weights. Token j is embedded in R^5 as
 * (c_{sigma_j}, p_j, j/n).
 * Layer 1: logits b_1 <rotated p_i, p_j>, largest at j = i - 1 (cyclically), values c_{sigma_j}: u_i is nearly c_{sigma_{i-1}}.
 * Layer 2, at the last token: logits b_2 <c_{sigma_n}, u_j> + b_3 j/n, values c_{sigma_j}: tokens after an occurrence of
 * sigma_n win over others, later ones over earlier ones. The scores are inner products with the codes. Token 0 follows
 * token n on the circle, so it is the answer, with all scores near 0, where sigma_n did not occur before.
 *
 * With g = min(1, 1 - cos(2 pi/m)), eta = g/(32 n) and L = ln(n/eta): b_1 = L/(1 - cos(2 pi/(n+1))), b_3 = n L, b_2 =
 * 2 b_3/g. Then u is off by 2 eta, which b_2 turns into L/4 at most, and every other logit of layer 2 is 3 L/4 below.
 */
import { Builder, type Construction, fromFloat, type Node, Rational, roundedTo, sparse, tensor } from '../src/index.js';
import { head } from './attention.js';

export interface InductionChoices {
  readonly n: number;
  readonly m: number;
  readonly b1: Rational | undefined;
  readonly b2: Rational | undefined;
  readonly b3: Rational | undefined;
}

export interface InductionDesign {
  readonly n: number;
  readonly m: number;
  readonly b1: Rational;
  readonly b2: Rational;
  readonly b3: Rational;
}

const SIGNIFICANT_BITS = 24;
const CHANNELS = 5;

/** `count` points of the unit circle, rounded to doubles. */
export function circle(count: number): readonly (readonly [Rational, Rational])[] {
  return Array.from({ length: count }, (_, k) => {
    const angle = (2 * Math.PI * k) / count;
    return [fromFloat(Math.cos(angle)), fromFloat(Math.sin(angle))] as const;
  });
}

export function inductionPrescription({ n, m, ...given }: InductionChoices): InductionDesign {
  const separation = Math.min(1, 1 - Math.cos((2 * Math.PI) / m));
  const L = Math.log((32 * n * n) / separation);
  const rounded = (x: number) => roundedTo(fromFloat(x), SIGNIFICANT_BITS, 'up');
  const b3 = given.b3 ?? rounded(n * L);
  return {
    n,
    m,
    b1: given.b1 ?? rounded(L / (1 - Math.cos((2 * Math.PI) / (n + 1)))),
    b2: given.b2 ?? b3.mul(rounded(2 / separation)),
    b3,
  };
}

/** Input x [token n + 1, symbol m]: row 0 is 0, the others are unit vectors. Output y [class 1, score m]. */
export function inductionNet(choices: InductionChoices): Construction<InductionDesign> {
  const design = inductionPrescription(choices);
  const { n, m, b1, b2, b3 } = design;
  const b = new Builder();
  const x = b.input('x', { token: n + 1, symbol: m });
  const codes = circle(m);
  const code = codes.flatMap((point, k) => point.map((entry, i): Entry => [k, i, entry]));
  const C = b.constant(matrix(m, CHANNELS, code), 'codes', 'weight', { symbol: m, channel: CHANNELS });
  const places = circle(n + 1).flatMap(([c, s], j) => [Rational.zero, Rational.zero, c, s, Rational.of(j, n)]);
  const positions = b.constant(tensor([n + 1, CHANNELS], places), 'positions', 'structure', {
    token: n + 1,
    channel: CHANNELS,
  });
  const embedding = b.add(b.matmul(x, C, 'content'), positions, 'embedding');

  const one = Rational.one;
  const turn = (2 * Math.PI) / (n + 1);
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)].map((entry) => fromFloat(entry).mul(b1));
  const weight = (name: string, columns: number, entries: readonly Entry[], rows = CHANNELS) =>
    b.constant(matrix(rows, columns, entries), name, 'weight');
  const apply = (from: Node, W: Node, name: string) => b.matmul(from, W, name);
  // The position's code turned back by one place.
  const W_Q1 = weight('W_Q1', 2, [
    [2, 0, cos],
    [2, 1, sin.neg()],
    [3, 0, sin],
    [3, 1, cos],
  ]);
  const W_K1 = weight('W_K1', 2, [
    [2, 0, one],
    [3, 1, one],
  ]);
  const W_V1 = weight('W_V1', 2, [
    [0, 0, one],
    [1, 1, one],
  ]);
  const before = head(
    b,
    apply(embedding, W_Q1, 'query1'),
    apply(embedding, W_K1, 'key1'),
    apply(embedding, W_V1, 'value1'),
    'before',
  );

  const stream = b.concat([embedding, b.reshape(before, { token: n + 1, channel: 2 }, 'update')], 1, 'stream');
  const last = b.gather(embedding, 0, [n], 'last');
  const W_Q2 = weight('W_Q2', 3, [
    [0, 0, b2],
    [1, 1, b2],
    [4, 2, b3],
  ]);
  const W_K2 = weight(
    'W_K2',
    3,
    [
      [CHANNELS, 0, one],
      [CHANNELS + 1, 1, one],
      [4, 2, one],
    ],
    CHANNELS + 2,
  );
  const W_V2 = weight('W_V2', 2, [
    [0, 0, one],
    [1, 1, one],
  ]);
  const answer = head(
    b,
    apply(last, W_Q2, 'query2'),
    apply(stream, W_K2, 'key2'),
    apply(embedding, W_V2, 'value2'),
    'answer',
  );
  const scores = codes.flatMap((point, k) => point.map((entry, i): Entry => [i, k, entry]));
  return { network: b.network({ y: apply(answer, weight('unembedding', m, scores, 2), 'y') }), design };
}

type Entry = readonly [row: number, column: number, entry: Rational];

function matrix(rows: number, columns: number, entries: readonly Entry[]) {
  const pairs = entries
    .filter(([, , entry]) => !entry.isZero())
    .map(([row, column, entry]) => [row * columns + column, entry] as const);
  return sparse(
    [rows, columns],
    pairs.sort(([p], [q]) => p - q),
  );
}

/** Nonzero entries: 4 + 2 + 2 and 3 + 3 + 2 of the layers and those of the codes, twice. */
export function inductionParameters(m: number): number {
  const nonzero = circle(m)
    .flat()
    .filter((entry) => !entry.isZero()).length;
  return 16 + 2 * nonzero;
}
