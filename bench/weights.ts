import { Builder } from '../src/network/builder.js';
import { sha256 } from '../src/network/canonical.js';
import type { Network } from '../src/network/network.js';
import { filled, tensor } from '../src/network/tensor.js';
import { Rational } from '../src/numbers/rational.js';
import { encode } from '../src/onnx/index.js';
import { median, type Row, show } from './row.js';

const SIDE = 1000;
const WEIGHTS = SIDE * SIDE;

/** A network of a million different weights: made of rationals, hashed, encoded. */
export async function rows(): Promise<Row[]> {
  return [
    ...measured('dyadic', (k) => Rational.of(k - WEIGHTS / 2, 2 ** 20)),
    ...measured('over 1000', (k) => Rational.of(k - WEIGHTS / 2, 1000)),
  ];
}

function measured(kind: string, weight: (k: number) => Rational): Row[] {
  let network = build(() => Rational.one);
  const row = (name: string, seconds: number) => ({
    name: `a million weights (${kind}) ${name}`,
    value: `${show(seconds, 's')}, ${show(WEIGHTS / seconds / 1e6, 'million per second')}`,
  });
  return [
    row(
      'built',
      median(3, () => {
        network = build(weight);
      }),
    ),
    row(
      'hashed',
      median(2, () => void sha256(network)),
    ),
    row(
      'encoded as ONNX float64',
      median(2, () => void encode(network, { dtype: 'float64' })),
    ),
  ];
}

function build(weight: (k: number) => Rational): Network {
  const b = new Builder();
  const x = b.input('x', { channel: SIDE });
  const W = tensor(
    [SIDE, SIDE],
    Array.from({ length: WEIGHTS }, (_, k) => weight(k)),
  );
  return b.network({ y: b.relu(b.affine(x, b.constant(W), b.constant(filled([SIDE], Rational.one)))) });
}
