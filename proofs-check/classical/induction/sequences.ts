import {
  approximate,
  type Claim,
  compile,
  drawnExecution,
  float64,
  lehmer,
  type Network,
  Rational,
  Tensor,
} from '../../../src/index.js';

/** One-hot rows behind a row of zeros. */
function oneHot(symbols: readonly number[], m: number): Tensor<Rational> {
  const entries = [-1, ...symbols].flatMap((symbol) =>
    Array.from({ length: m }, (_, s) => (s === symbol ? Rational.one : Rational.zero)),
  );
  return new Tensor([symbols.length + 1, m], entries);
}

/** The symbol after the latest earlier occurrence of the last one; undefined when there is none. */
export function continuation(symbols: readonly number[]): number | undefined {
  const before = symbols.lastIndexOf(symbols[symbols.length - 1], symbols.length - 2);
  return symbols.length < 2 || before < 0 ? undefined : symbols[before + 1];
}

const SEARCHED_ENTRIES = 400_000;
const MOST_SEARCHED = 64;

/** The worst of some drawn sequences on doubles, and of one symbol alone and two that alternate. */
export function worstSequence(
  network: Network,
  { n, m }: { readonly n: number; readonly m: number },
  seed: number,
): readonly number[] {
  const random = lehmer(seed);
  const count = Math.min(MOST_SEARCHED, Math.floor(SEARCHED_ENTRIES / (n * n)));
  const drawn = Array.from({ length: count }, () => Array.from({ length: n }, () => Math.floor(random() * m)));
  const fixed = [Array.from({ length: n }, () => 0), Array.from({ length: n }, (_, t) => t % 2)];
  const answered = [...fixed, ...drawn].filter((symbols) => continuation(symbols) !== undefined);
  const value = compile(network, float64);
  const margin = (symbols: readonly number[]) => {
    const y = value({ x: oneHot(symbols, m).map(approximate) }).y.dense(0);
    const right = continuation(symbols)!;
    return y[right] - Math.max(...y.filter((_, s) => s !== right));
  };
  const tried = answered.map((symbols) => ({ symbols, margin: margin(symbols) }));
  return tried.reduce((worst, next) => (next.margin < worst.margin ? next : worst)).symbols;
}

const LONGEST_RUN = 256;

/** Runs drawn sequences. */
export const executionOn: Claim<{ readonly n: number; readonly m: number }, unknown> = drawnExecution(
  ({ params: { n, m } }) => {
    if (n > LONGEST_RUN) return `${n} symbols, more than ${LONGEST_RUN}`;
    const symbols = (random: () => number) => Array.from({ length: n }, () => Math.floor(random() * m));
    return { entries: n * n, draw: (random) => oneHot(symbols(random), m) };
  },
);
