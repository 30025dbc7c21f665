import { describe, expect, it } from 'vitest';
import { isOp } from '../../src/network/network.js';
import { approximate } from '../../src/numbers/convert.js';
import { audited, encloses } from '../generators/audits.js';
import { rebuilt } from '../generators/rebuild.js';

// Closed forms in floats; the suprema over random logits of numpy stay below them.
const distance = (D: number) => Math.tanh(D / 2);
const departure = (L: number, B: number) =>
  Math.max(
    ...Array.from({ length: L - 1 }, (_, i) => {
      const q = (i + 1) / L;
      return (2 * q * (1 - q) * (Math.exp(B) - Math.exp(-B))) / (q * Math.exp(B) + (1 - q) * Math.exp(-B));
    }),
  );

describe('lemmas on softmax', () => {
  it.each([
    ['2', '3/2', 1.5],
    ['16', '1/10', 0.1],
  ])('two rows of %s weights whose logits are %s apart', async (L, D, value) => {
    const result = await audited('softmax-lipschitz', [`L=${L}`, `D=${D}`]);
    expect(encloses(result.claim('error'), 2 * distance(value), 1e-9)).toBe(true);
    expect(encloses(result.claim('largest'), distance(value), 1e-9)).toBe(true);
  });

  it('a row and the uniform distribution', async () => {
    const result = await audited('softmax-saturation', ['L=8', 'B=1']);
    expect(result.verdict).toBe('proved');
    expect(encloses(result.claim('row-maximum'), departure(8, 1), 1e-9)).toBe(true);
    expect(encloses(result.claim('row-maximum'), 0.9224692, 1e-6)).toBe(true);
    const tight = await audited('softmax-saturation', ['L=8', 'B=1'], { bounds: { row: '0.92' } });
    expect(tight.claim('row').verdict).toBe('refuted');
  });

  it('a slope that is too small is refuted by two points', async () => {
    const text = (await audited('softmax-saturation', ['L=64', 'B=1'])).claim('slope');
    expect(text.verdict).toBe('proved');
  });

  it('columns of attention', async () => {
    const result = await audited('softmax-column-defect', ['n=6', 'B=1']);
    expect(encloses(result.claim('most'), 6 / (1 + 5 * Math.exp(-2)), 1e-9)).toBe(true);
    expect(encloses(result.claim('least'), 6 / (1 + 5 * Math.exp(2)), 1e-9)).toBe(true);
    expect(encloses(result.claim('total'), 6 * departure(6, 1), 1e-9)).toBe(true);
  });

  it.each([4, 5])('the spread of %i values', async (n) => {
    const error = (await audited('attention-contraction', [`n=${n}`, 'B=1'])).claim('error');
    const k = Math.floor(n / 2);
    const [own, other] = [Math.E ** 2 * k, n - k];
    const difference = own / (own + other) - k / (k + (n - k) * Math.E ** 2);
    expect(encloses(error, 2 * difference, 1e-9)).toBe(true);
    expect(approximate(error.enclosure!.hi!)).toBeLessThanOrEqual(2 * Math.tanh(1) * (1 + 1e-12));
  });
});

it('row sums of a last row step', async () => {
  const result = await audited('doubly-stochastic-attention', ['n=3', 'K=2']);
  expect(result.claim('rows').verdict).toBe('proved');
  // With the column step last rows sum to something else.
  const turned = await audited('doubly-stochastic-attention', ['n=3', 'K=2'], {
    change: (network) =>
      rebuilt(network, (node) =>
        isOp(node, 'reduceSum') ? { ...node, attributes: { axis: 1 - node.attributes.axis } } : node,
      ),
  }).catch(() => null);
  expect(turned?.claim('rows').verdict).not.toBe('proved');
});
