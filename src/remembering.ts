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
