import { describe, expect, it } from 'vitest';
import { approximate } from '../../src/numbers/convert.js';
import { audited } from '../generators/audits.js';

const TASKS = [
  ['T=8', 'd=1', 'features=["(x1-1/3)^2", "1-x1"]', 'positions=["1..4","3..8"]', 'readout=z1 + z2'],
  ['T=20', 'd=2', 'features=["(x1^2+(1-x2)^2)/2"]', 'positions=["1..20"]', 'readout=3*z1'],
  ['T=5', 'd=1', 'features=["abs(x1-1/2)"]', 'positions=["2"]', 'readout=-z1'],
  ['T=1', 'd=1', 'features=["exp(-x1)"]', 'positions=["1"]', 'readout=z1/2'],
];

describe('multi-head-retrieval with eps split for a goal', () => {
  it.each(TASKS)('proves eps for either goal: %s %s %s', async (...task) => {
    const sizes: Record<string, { parameters: number; weight: number }> = {};
    for (const goal of ['', 'parameters', 'weights']) {
      const params = [...task, 'eps=1/200', ...(goal ? [`minimise=${goal}`] : [])];
      const result = await audited('multi-head-retrieval', params);
      expect([goal, result.claim('error').verdict]).toEqual([goal, 'proved']);
      const value = (id: string) => approximate(result.claim(id).enclosure!.hi!);
      sizes[goal] = { parameters: value('parameters'), weight: value('weight') };
    }
    expect(sizes.parameters.parameters).toBeLessThanOrEqual(sizes[''].parameters);
    expect(sizes.weights.weight).toBeLessThanOrEqual(sizes[''].weight);
  });
});
