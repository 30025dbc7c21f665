import type { Graph } from './graph.js';
import type { TensorValue } from './value.js';

/** A function of the network language. */
export interface FunctionOfTensors {
  /** As the documentation shows it. */
  readonly signature: string;
  /** Fewest and most arguments without a name. */
  readonly arity: readonly [number, number];
  /** Arguments with a name, such as axis. */
  readonly named?: readonly string[];
  run(graph: Graph, args: readonly TensorValue[], named: ReadonlyMap<string, TensorValue>): TensorValue;
}
