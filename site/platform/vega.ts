import type { Plots } from '../../src/report/vega.js';
import { loadPart } from '../src/worker.js';

/** The web's side of `src/report/vega.ts`: a part of the site that is loaded with the first plot. */
export async function loadPlots(): Promise<Plots> {
  await loadPart('plots');
  return (globalThis as unknown as { exhibitPlots: Plots }).exhibitPlots;
}
