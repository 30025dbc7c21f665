/** Why some of the numbers are not smaller, with the load average at the end. */
export const LIMITS = (load: string): string => `## Limits

The load average at the end was ${load}; beyond the number of cores, caches are shared and CPU seconds grow by up to a half.

- **Retrieval in T**: the proof takes tokens by classes, and executions compute once for equal tokens what comes before the
  heads; the checker looks at one token of each kind. The rest is T times the heads and channels of objects: shares and products
  of the executions.
- **Second largest**: proof, checker and the bounds of executions take the queries as alike. What is left is the execution itself, one
  product of T-dimensional queries and keys in each format: multiplications by matrices with one entry in a column are choices.
- **Memorisation**: what grows with N is the data itself, read, hashed, built, encoded and checked; of more than 2896
  sequences a part at even distances is run, as running all of N takes N^2. At N = 10^4 the checker takes a quarter of the time,
  executions a fifth, the garbage of both a seventh, reading and building an eighth, start and onnxruntime an eighth: each looks at
  10^4 units or points a few times, in code that V8 has hardly optimised when it ends. Ten times the data takes seven times as long.
- **Deep state-space models**: chains of layers are compared one by one, as integers of l^2 times the digits of a pole, by the
  prover and by the checker. At l = 32 bounds of six executions take a quarter of the time, onnxruntime, the checker
  and starting an eighth each, and garbage a tenth; the response is proved twice, by points and by first values.
- **Retrieval to 1e-6**: each of 4900 units is looked at exactly, once by the checker (a fifth of the time) and once by the prover (an
  eighth); bounds of executions of 16 different tokens in three formats and over the whole domain take a quarter, building the nets
  and the garbage of it all a tenth each.
- **A pass at 50 digits** is measured when V8 has optimised it: before, it takes ten times as long.
- **Interval matrices**: two doubles per instruction, no fused multiply-add, and three products for midpoints and radii.
- **The gap of the soft minimum**: half of the time is compiling the expression and its two derivatives. The row is the median of
  500 runs: the first ones, which V8 interprets, take five times as long.
- **Short commands**: node itself takes 20 ms (50 where NODE_EXTRA_CA_CERTS makes it read certificates, which no row here does), the
  thread that works while the other listens for Ctrl-C takes 25 and onnxruntime 30, to load and to make a session for each format:
  these alone are nearly four times node. The rest is code that is loaded and runs once, interpreted.
- **Sweeps**: with V8's compiler and collector one worker keeps 1.2 to 1.5 processors busy, so that two on two processors cannot be
  twice as fast; a second worker compiles the program's hot parts anew, which takes nearly half a second.
- **Trained networks**: the net of 2-64-64-1 is cut into 569 boxes, each half a millisecond of two 64 x 64 layers backwards.
- **The audit** checks every certificate; without that it takes two thirds of the time.
`;
