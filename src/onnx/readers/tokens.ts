import type { Node } from '../../network/network.js';
import { sizes } from '../../network/shape.js';
import { sizeOf } from '../../network/tensor.js';
import type { Tokens } from '../graph-reader.js';
import type { Message } from '../schema.js';
import type { Call } from './call.js';
import { range, unnamed } from './call.js';

/** How many rows the tables have that an input chooses from, the fewest of several; null where it chooses from none. */
export function symbolsOf(name: string, { node = [], initializer = [] }: Message<'Graph'>): number | null {
  const same = new Set([name]);
  let fewest: number | null = null;
  for (const { opType = '', input = [], output = [] } of node) {
    if (PASSING.has(opType) && same.has(input[0] ?? '')) same.add(output[0] ?? '');
    if (opType !== 'Gather' || !same.has(input[1] ?? '')) continue;
    const table = initializer.find((tensor) => tensor.name === input[0]);
    const rows = table?.dims?.[0];
    if (rows) fewest = fewest === null ? rows : Math.min(fewest, rows);
  }
  return fewest;
}

/** Operators that hand tokens on. */
const PASSING: ReadonlySet<string> = new Set(['Identity', 'Cast']);

/** Rows of a table [rows, ...] chosen by tokens. */
export function rowsOfTable(call: Call, { node, batch, symbols }: Tokens, table: Node): void {
  const [rows, ...inner] = sizes(table.shape);
  const used = rows === symbols ? table : call.gather(table, 0, range(symbols));
  const leading = sizes(node.shape).slice(0, -1);
  if (leading.length > 0 && inner.length === 1) {
    call.define(call.last('matmul', {}, node, used), { batch });
    return;
  }
  const flat = call.reshape(used, [symbols, sizeOf(inner)]);
  const product = call.node('matmul', {}, leading.length > 0 ? node : call.reshape(node, [1, symbols]), flat);
  call.define(call.last('reshape', { to: unnamed([...leading, ...inner]) }, product), { batch });
}
