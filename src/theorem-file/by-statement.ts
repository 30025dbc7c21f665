/** Claims of theorem files in the language: `prove` derives their verdicts, and nobody writes them. */
const CLAIMS = new WeakSet<object>();

export function byStatement<C extends object>(claim: C): C {
  CLAIMS.add(claim);
  return claim;
}

export function isByStatement(claim: object): boolean {
  return CLAIMS.has(claim);
}
