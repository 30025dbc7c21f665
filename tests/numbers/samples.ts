/** A reproducible stream of numbers in [0, 1) (Marsaglia's xorshift32). */
export function stream(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

const view = new DataView(new ArrayBuffer(8));

/** The double `steps` places after x among the doubles of its sign, found in its bit pattern. */
export function neighbour(x: number, steps: number): number {
  view.setFloat64(0, x);
  view.setBigInt64(0, view.getBigInt64(0) + BigInt(steps));
  return view.getFloat64(0);
}

const SPECIAL = [
  0,
  1,
  2,
  0.5,
  1 / 3,
  Math.PI,
  Math.PI / 2,
  Math.E,
  Math.LN2,
  1 / Math.E,
  709.782712893384,
  745.1332191019411,
  19,
  20,
  2 ** -27,
  2 ** -54,
  2 ** 20,
  2 ** -1022,
  2 ** -1074,
  2 ** -537,
  2 ** 511,
  2 ** 512,
  2 ** -969,
  2 ** 970,
  1e22,
  1e300,
  Number.MAX_VALUE,
  1e6,
  103993 / 33102,
  5.319372648326541e255,
];

/** Finite doubles with a taste for trouble: subnormal, huge, next to a power of two, next to a special point. */
export function nastyDouble(random: () => number): number {
  const sign = random() < 0.5 ? -1 : 1;
  const kind = Math.floor(random() * 8);
  const size = [
    () => random() * 10,
    () => random(),
    () => 2 ** Math.floor(random() * 20 - 10) * (1 + (random() - 0.5) * 2 ** -(50 * random())),
    () => neighbour(2 ** Math.floor(random() * 2098 - 1074), Math.floor(random() * 3)),
    () => neighbour(SPECIAL[Math.floor(random() * SPECIAL.length)], Math.floor(random() * 4)),
    () => (1 + random()) * 2 ** Math.floor(random() * 2000 - 1000),
    () => random() * 2 ** -1060,
    () => Math.floor(random() * 100),
  ][kind]();
  return sign * (Number.isFinite(size) ? size : Number.MAX_VALUE);
}

/** A box around a nasty double: a point, a few neighbours wide, of any relative width, or up to another nasty double. */
export function nastyBox(random: () => number): readonly [lo: number, hi: number] {
  const x = nastyDouble(random);
  const kind = Math.floor(random() * 4);
  const y = [
    () => x,
    () => neighbour(x, Math.floor(random() * 5)),
    () => x + Math.abs(x) * 2 ** -(52 * random()),
    () => nastyDouble(random),
  ][kind]();
  const end = Number.isFinite(y) ? y : x;
  return x <= end ? [x, end] : [end, x];
}

/** Points of [lo, hi]: the ends, zero, something near the middle, and last anything between. */
export function pointsOf([lo, hi]: readonly [number, number], random: () => number): number[] {
  if (lo === hi) return [lo];
  const between = lo / 2 + hi / 2;
  const anywhere = lo * (1 - random()) + hi * random();
  const zero = lo < 0 && hi > 0 ? [0] : [];
  return [lo, hi, ...zero, between, Math.min(Math.max(anywhere, lo), hi)];
}

/** The thin set of `npm test`, or the nightly one. */
export function cases(thin: number, nightly: number): number {
  return process.env.EXHIBIT_NIGHTLY === '1' ? nightly : thin;
}
