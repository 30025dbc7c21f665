import { describe, expect, test } from 'vitest';
import { logLogPlot } from '../../src/report/plot.js';

/** A mark of a point, and where it stands. */
const MARK = /<path aria-hidden="true" transform="translate\(([\d.]+),([\d.]+)\)" d="M[\d.]+,0A/g;
const axes = { title: 'error', x: 'beta', y: 'error' };

describe('a plot', () => {
  test('places powers of ten at equal steps and marks what was measured', async () => {
    const points = [1, 10, 100].map((x) => [x, 1 / x] as const);
    const svg = await logLogPlot({ ...axes, series: [{ label: 'law', points }] });
    const centres = [...svg.matchAll(MARK)].map(([, x, y]) => [Number(x), Number(y)]);
    expect(centres).toHaveLength(3);
    for (const axis of [0, 1]) {
      const [a, b, c] = centres.map((centre) => centre[axis]);
      expect(b - a).toBeCloseTo(c - b, 1);
    }
    expect(centres[2][1]).toBeGreaterThan(centres[0][1]);
  });

  test('draws predictions dashed and without marks', async () => {
    const svg = await logLogPlot({
      ...axes,
      series: [
        {
          label: 'floor',
          points: [
            [1, 1],
            [10, 1],
          ],
          predicted: true,
        },
      ],
    });
    expect(svg).toMatch(/stroke-dasharray/);
    expect(svg).not.toMatch(MARK);
  });

  test('escapes what it is told to write and refers to nothing outside', async () => {
    const svg = await logLogPlot({ ...axes, title: '<script>"a" & b', series: [{ label: 'a<b', points: [[1, 1]] }] });
    expect(svg).not.toMatch(/<script|a<b/);
    expect(svg.replace(/xmlns(:xlink)?="[^"]*"/g, '')).not.toMatch(/https?:|href|url\(/);
  });

  test('leaves out what a logarithm cannot show, and refuses a plot of nothing', async () => {
    const svg = await logLogPlot({
      ...axes,
      series: [
        {
          label: 'a',
          points: [
            [1, 0],
            [2, Number.NaN],
            [3, 1],
          ],
        },
      ],
    });
    expect(svg.match(MARK)).toHaveLength(1);
    await expect(logLogPlot({ ...axes, series: [{ label: 'a', points: [[1, 0]] }] })).rejects.toThrow(RangeError);
  });
});
