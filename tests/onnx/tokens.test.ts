import { readFileSync } from 'node:fs';
import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { compile } from '../../src/evaluate/evaluate.js';
import { float64 } from '../../src/evaluate/float64.js';
import { sizes } from '../../src/network/shape.js';
import { Tensor } from '../../src/network/tensor.js';
import { lehmer } from '../../src/numbers/random.js';
import { Rational } from '../../src/numbers/rational.js';
import { decode } from '../../src/onnx/decode.js';
import { prove } from '../../src/proof/prove/prove.js';
import { parseStatement } from '../../src/statement/index.js';

/** Made by PyTorch (make.py): embedding, RMSNorm, rotary positions, causal softmax, SiLU steps. */
const file = (name: string) => `tests/onnx/fixtures/tokens/${name}.onnx`;
const [LENGTH, SYMBOLS] = [12, 13];

describe.each(['adder', 'adder-free', 'adder-masked'])('%s', (name) => {
  const { network } = decode(readFileSync(file(name)), null, LENGTH);

  it('is read with unit vectors in the place of tokens, and computes what onnxruntime does', async () => {
    expect(network.inputs.map(({ shape }) => sizes(shape))).toEqual([[LENGTH, SYMBOLS]]);
    const value = compile(network, float64);
    const session = await InferenceSession.create(file(name));
    const next = lehmer(7);
    for (let trial = 0; trial < 3; trial++) {
      const tokens = Array.from({ length: LENGTH }, () => Math.floor(next() * SYMBOLS));
      const feed = { tokens: new OrtTensor('int64', BigInt64Array.from(tokens, BigInt), [1, LENGTH]) };
      const expected = [...((await session.run(feed)).logits.data as Float32Array)];
      const rows = tokens.flatMap((token) => Array.from({ length: SYMBOLS }, (_, k) => (k === token ? 1 : 0)));
      const found = value({ tokens: new Tensor([LENGTH, SYMBOLS], rows) }).logits.dense(0);
      found.forEach((logit, k) => {
        expect(Math.abs(logit - expected[k])).toBeLessThan(1e-2 * Math.max(1, Math.abs(logit)));
      });
    }
  });

  it.runIf(name === 'adder-masked')('is proved for all tokens, and refuted where it is asked for another digit', () => {
    const says = (target: string) =>
      parseStatement(
        `for all s in {12} x {0..9}^3 x {10} x {0..9}^3 x {11} x {0..12}^3: argmax(logits[9]) = ${target}`,
      );
    const claims = new Map([
      ['right', says('1 + mod(s[2] + s[6], 10)')],
      ['wrong', says('1 + mod(s[2] + s[6] + quotient(s[2] + s[6] + s[3], 27), 10)')],
    ]);
    const model = { name: null, file: name, sha256: '', network };
    const found = prove([model], claims, { width: Rational.of(1, 1000), progress: () => {} });
    const [right, wrong] = found.claims;
    expect(right.verdict).toBe('proved');
    expect(wrong.verdict).toBe('refuted');
    expect((wrong.witness as { s: string[] }).s.slice(1, 7).filter((token) => token === '9')).toHaveLength(3);
  });
});
