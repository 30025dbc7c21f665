import type { CommonFlags } from './flags.js';
import { StatusLine } from './output.js';

const WIDTH = 24;
const PAUSE = 100;

/** A bar on stderr with rate and time left, on a terminal only. `stored` of the `done` items took no time. */
export function progressBar(flags: CommonFlags, total: number): (done: number, stored: number) => void {
  const status = new StatusLine(flags);
  const start = performance.now();
  let drawn = Number.NEGATIVE_INFINITY;
  return (done, stored) => {
    const now = performance.now();
    if (now - drawn < PAUSE && done < total) return;
    drawn = now;
    status.show(barLine(done, stored, total, (now - start) / 1000));
  };
}

/** `, 12 s left` at the speed so far; nothing before the first item is done. */
export function timeLeft(done: number, total: number, seconds: number): string {
  return done > 0 ? `, ${duration(((total - done) * seconds) / done)} left` : '';
}

/** `[######------------------] 50/200  12.5/s  12 s left`. */
export function barLine(done: number, stored: number, total: number, seconds: number): string {
  const filled = Math.floor((WIDTH * done) / total);
  const rate = (done - stored) / seconds;
  const left = rate > 0 ? `  ${rate.toFixed(rate < 10 ? 1 : 0)}/s  ${duration((total - done) / rate)} left` : '';
  return `[${'#'.repeat(filled)}${'-'.repeat(WIDTH - filled)}] ${done}/${total}${left}`;
}

function duration(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${Math.ceil(seconds % 60)} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}
