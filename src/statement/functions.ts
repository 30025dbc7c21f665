import { FUNCTIONS } from '../symbolic/functions.js';

/** The functions of statements, with their fewest and most arguments: those of src/symbolic, sqrt and relu. */
export const ARITIES: ReadonlyMap<string, readonly [number, number]> = new Map<string, readonly [number, number]>([
  ...Object.values(FUNCTIONS)
    .filter((fn) => !('internal' in fn && fn.internal))
    .map((fn) => [fn.name, fn.arity] as const),
  ['sqrt', [1, 1]],
  ['relu', [1, 1]],
]);

/** Whether the function has a value at every number. */
export function isTotalFunction(name: string): boolean {
  if (name === 'relu') return true;
  const rule = Object.values(FUNCTIONS).find((fn) => fn.name === name);
  return rule !== undefined && rule.domain === undefined;
}
