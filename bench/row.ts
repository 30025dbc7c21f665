/** One line of the benchmark's table. */
export interface Row {
  readonly name: string;
  readonly value: string;
  /** What aims are compared with (aims.ts): seconds, or times as fast or as slow as something. */
  readonly measured?: { readonly [quantity: string]: number };
}

/** What is measured in a process of its own: a few lines of the table, told one by one as they are known. */
export interface Job {
  /** By which it is selected: `npm run bench -- NAME`. */
  readonly name: string;
  /** After so many seconds it is ended, with the lines that there are. */
  readonly limit: number;
  run(report: (row: Row) => void): void | Promise<void>;
}

/** Seconds of several runs: the middle one, and how far the others lie around it. */
export interface Seconds {
  readonly median: number;
  /** (largest - least) / median; null for a single run. */
  readonly spread: number | null;
}

/** CPU seconds of this process, which other programs on the machine disturb less than the time that passes. */
export function measure(runs: number, action: () => void): Seconds {
  return summary(
    Array.from({ length: runs }, () => {
      const start = process.cpuUsage();
      action();
      const { user, system } = process.cpuUsage(start);
      return (user + system) / 1e6;
    }),
  );
}

export function summary(seconds: readonly number[]): Seconds {
  const sorted = seconds.toSorted((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)];
  return { median, spread: sorted.length > 1 ? (sorted[sorted.length - 1] - sorted[0]) / median : null };
}

export function median(runs: number, action: () => void): number {
  return measure(runs, action).median;
}

/** Of runs after as many that V8 has optimised the action in. */
export function settled(runs: number, action: () => void): Seconds {
  measure(runs, action);
  return measure(runs, action);
}

/** The first run of an action, and the median of `runs` more once V8 has optimised it. */
export function firstAndSettled(
  runs: number,
  action: () => void,
): { readonly first: number; readonly settled: number } {
  return { first: median(1, action), settled: settled(runs, action).median };
}

/** `12.3 ms` with its spread, `± 4 %`. */
export function showSeconds({ median, spread }: Seconds): string {
  const value = median < 1 ? show(1000 * median, 'ms') : show(median, 's');
  return `${value} (${spread === null ? 'one run' : `spread ${Math.round(100 * spread)} %`})`;
}

/** A row of a time, what else was measured with it, and words behind the time. */
export function timeRow(
  name: string,
  seconds: Seconds,
  { also = {}, words = [] }: { readonly also?: Row['measured']; readonly words?: readonly string[] } = {},
): Row {
  return { name, value: [showSeconds(seconds), ...words].join(', '), measured: { seconds: seconds.median, ...also } };
}

/** Three significant digits, with a unit. */
export function show(value: number, unit: string): string {
  return `${Number(value.toPrecision(3))} ${unit}`;
}
