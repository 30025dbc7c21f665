/** x_(2) = max_t min(x_t, max_{s != t} x_s) of an input x [T, 1], as certificates write it. */
export function secondLargestText(T: number): string {
  return `max_{t in 1..${T}}(min(x[t,1], max_{s in 1..${T} except t}(x[s,1])))`;
}
