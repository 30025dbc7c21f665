/** How many different arguments are remembered; where there are more, none are. */
export const FEW = 256;

/** A function that answers arguments it has seen, the very same objects, with what it gave then; as long as they are few. */
export function remembering<A, R>(of: (a: A) => R): (a: A) => R {
  const known = new Map<A, R>();
  return (a) => {
    const found = known.get(a);
    if (found !== undefined) return found;
    const result = of(a);
    if (known.size < FEW) known.set(a, result);
    return result;
  };
}

/** How many arguments are remembered at least, and how many characters of them at most for one argument. */
const [RECENT, LONGEST] = [64, 4096];

/**
 * A function of numbers or of one text that answers what it was asked lately with what it gave then, which must be of a kind that
 * nobody changes. As many arguments are kept as came since the last but one time that the table was full.
 */
export function rememberingRecent<A extends readonly number[] | readonly [string], R>(
  of: (...a: A) => R,
): (...a: A) => R {
  let [recent, before] = [new Map<string, R>(), new Map<string, R>()];
  return (...a) => {
    const key = a.join();
    const found = recent.get(key) ?? before.get(key);
    if (found !== undefined && recent.has(key)) return found;
    const result = found ?? of(...a);
    if (key.length > LONGEST) return result;
    if (recent.size >= RECENT) [recent, before] = [new Map(), recent];
    recent.set(key, result);
    return result;
  };
}
