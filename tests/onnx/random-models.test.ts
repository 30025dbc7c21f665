import { expect, test } from 'vitest';
import { InputError } from '../../src/errors.js';
import { lehmer } from '../../src/numbers/random.js';
import { type DecodedModel, decode } from '../../src/onnx/decode.js';
import { randomModel } from '../generators/onnx-models/model.js';
import { NIGHTLY } from '../generators/thinned.js';
import { agreement } from './agree.js';

const MODELS = NIGHTLY ? 20_000 : 300;
/** As in the test of changed attributes: what is misread is off by far more. */
const ROUNDING = 100;

test('random operators are read as onnxruntime runs them, or refused', { timeout: 900_000 }, async () => {
  const random = lehmer(Number(process.env.EXHIBIT_SEED ?? 12));
  const draw = (n: number) => Math.floor(random() * n);
  const count = { followed: 0, refused: 0, unrunnable: 0 };
  const wrong: string[] = [];
  for (let k = 0; k < MODELS; k++) {
    const { bytes, what } = randomModel(draw);
    let decoded: DecodedModel;
    try {
      decoded = decode(bytes);
    } catch (error) {
      if (error instanceof InputError) count.refused += 1;
      else wrong.push(`${what}: ${(error as Error).message}`);
      continue;
    }
    try {
      const { worst } = await agreement(bytes, decoded, 2, 1);
      if (!(worst <= ROUNDING)) wrong.push(`${what}: off by ${worst} of what rounding allows`);
      count.followed += 1;
    } catch (error) {
      if (error instanceof InputError) count.unrunnable += 1;
      else wrong.push(`${what}: ${(error as Error).message.slice(0, 200)}`);
    }
  }
  console.info(`random models: ${JSON.stringify(count)}`);
  expect(wrong).toEqual([]);
  expect(count.followed).toBeGreaterThan(MODELS / 10);
});
