/** One line of the benchmark's table. */
export interface Row {
  readonly name: string;
  readonly value: string;
}

/** Seconds of the fastest of several runs: what the machine does when nothing else disturbs it. */
export function fastest(runs: number, action: () => void): number {
  let best = Number.POSITIVE_INFINITY;
  for (let k = 0; k < runs; k++) {
    const start = performance.now();
    action();
    best = Math.min(best, (performance.now() - start) / 1000);
  }
  return best;
}

/** Three significant digits, with a unit. */
export function show(value: number, unit: string): string {
  return `${Number(value.toPrecision(3))} ${unit}`;
}
