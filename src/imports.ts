import { pathToFileURL } from 'node:url';

/**
 * Imports of what lies outside of the build. They are in a module of their own because code that is kept between runs
 * (kept-code.ts) cannot import on node 20.
 */
export const importFile = (file: string): Promise<{ readonly default?: unknown }> =>
  import(/* @vite-ignore */ pathToFileURL(file).href);

export const importRedis = () => import('ioredis');
export const importQueue = (): Promise<typeof import('bullmq')> => import('bullmq');
export const importCharts = (): Promise<[typeof import('vega'), typeof import('vega-lite')]> =>
  Promise.all([import('vega'), import('vega-lite')]);
