/** Why some of the numbers are not smaller, with the load average at the end. */
export const LIMITS = (load: string): string => `## Limits

The load average at the end was ${load}; beyond the number of cores, caches are shared and CPU seconds grow by up to a half.

- **Retrieval in T**: the proof takes tokens by classes, and executions compute once for equal tokens what comes before the
  heads; the checker looks at one token of each kind. The rest is T times the heads and channels of objects: shares and products
  of the executions.
- **Second largest**: proof, checker and the bounds of executions take the queries as alike. What is left is the execution itself, a
  product of T-dimensional queries and keys.
- **Memorisation**: what grows with N is the data itself, read, hashed, built, encoded and checked; of more than 4096
  sequences a part at even distances is run, as running all of N takes N^2.
- **Deep state-space models**: chains of layers are compared one by one, as integers of l^2 times the digits of a pole, by the
  prover and by the checker. At l = 32 bounds of six executions take a third of the time, starting, building and onnxruntime a
  quarter, as they do at l = 2, and the certificate, written and checked, a fifth.
- **Interval matrices**: two doubles per instruction, no fused multiply-add, and three products for midpoints and radii.
- **The gap of the soft minimum**: half of the time is compiling the expression and its two derivatives. The row is the median of
  500 runs: the first ones, which V8 interprets, take five times as long.
- **Sweeps**: of the thousand points one worker takes 4.1 to 5.2 s of processor time, 1.4 processors at once, as V8 compiles and collects
  on the second one; two workers take 5.6 to 6.5 s in all, as each interprets and compiles the program anew. So two processors are
  through in 2.8 s at best, where one worker takes 3. A young generation of 16 to 384 MB, V8 on a single thread, without its
  optimising compiler or with the baseline one from the start, and a disk in memory change that by less than runs differ.
`;
