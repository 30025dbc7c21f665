import type * as Vega from 'vega';
import type * as VegaLite from 'vega-lite';
import { importCharts } from '../imports.js';

/** What draws plots; the site's build puts another file in this one's place. */
export interface Plots {
  readonly parse: typeof Vega.parse;
  readonly View: typeof Vega.View;
  readonly compile: typeof VegaLite.compile;
  /** What evaluates a plot's expressions where no code may be made from text. */
  readonly interpreter?: unknown;
}

/** Loaded when the first plot is drawn. */
export async function loadPlots(): Promise<Plots> {
  const [{ parse, View }, { compile }] = await importCharts();
  return { parse, View, compile };
}
