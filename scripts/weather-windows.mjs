// Writes the data of the weather instances: windows of 16 days of Seattle's temperatures, labelled with the next day's
// maximum, in tenths of a degree Celsius as NOAA's GHCN-Daily records them (the series comes with vega-datasets).
import { readFileSync, writeFileSync } from 'node:fs';

const T = 16;
const N = 1000;
const source = new URL('../node_modules/vega-datasets/data/seattle-weather.csv', import.meta.url);
const instances = new URL('../proofs-check/head-count/instances/', import.meta.url);
/** The first argument, or the file of the instances. */
const target = process.argv[2] ?? new URL('seattle-temperatures.csv', instances);

const [header, ...rows] = readFileSync(source, 'utf8').trim().split('\n');
const columns = ['temp_max', 'temp_min'].map((name) => header.split(',').indexOf(name));
const tenths = (text) => {
  const [integer, fraction = '0'] = text.replace('-', '').split('.');
  return (text.startsWith('-') ? -1 : 1) * (Number(integer) * 10 + Number(fraction));
};
const days = rows.map((row) => columns.map((column) => tenths(row.split(',')[column])));
const names = Array.from({ length: T }, (_, t) => [`max_${t + 1}`, `min_${t + 1}`]).flat();
const lines = Array.from({ length: N }, (_, k) => [...days.slice(k, k + T).flat(), days[k + T][0]].join(','));
writeFileSync(target, `${[...names, 'next_max'].join(',')}\n${lines.join('\n')}\n`);
