/** Why some of the numbers are not smaller, with the load average at the end. */
export const LIMITS = (load: string): string => `## Limits

The load average at the end was ${load}; beyond the number of cores, caches are shared and CPU seconds grow by up to a half.

- **Retrieval in T**: the layers before the heads are computed once for equal tokens. The rest is T times the heads and
  channels of objects: forms of the proof and of its check, shares and products of the executions.
- **Second largest**: the logits are T^2 intervals, and T above 512 is refused.
- **Memorisation**: what grows with N is the data itself, read, hashed, built, encoded and checked; of more than 4096
  sequences a part at even distances is run, as running all of N takes N^2.
- **Deep state-space models**: weights of l^2 times the digits of a pole, multiplied and compared as integers.
- **Interval matrices**: two doubles per instruction, no fused multiply-add, and three products for midpoints and radii.
- **The gap of the soft minimum**: half of a millisecond is compiling the expression and its two derivatives.
- **Sweeps**: each worker reads and compiles the program first.
`;
