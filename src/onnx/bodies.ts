import type { Message } from './schema.js';

/** An operator with the tensors that it reads and defines renamed, also those of its subgraphs. */
export function renamedOperator(operator: Message<'Operator'>, rename: (name: string) => string): Message<'Operator'> {
  const renamed = (names: readonly string[] | undefined) =>
    (names ?? []).map((name) => (name === '' ? '' : rename(name)));
  return {
    ...operator,
    input: renamed(operator.input),
    output: renamed(operator.output),
    attribute: (operator.attribute ?? []).map((attribute) =>
      attribute.g ? { ...attribute, g: renamedGraph(attribute.g, rename) } : attribute,
    ),
  };
}

function renamedGraph(graph: Message<'Graph'>, rename: (name: string) => string): Message<'Graph'> {
  const renamed = <T extends { name?: string }>(items: readonly T[] | undefined) =>
    (items ?? []).map((item) => (item.name ? { ...item, name: rename(item.name) } : item));
  return {
    ...graph,
    input: renamed(graph.input),
    output: renamed(graph.output),
    initializer: renamed(graph.initializer),
    node: (graph.node ?? []).map((operator) => renamedOperator(operator, rename)),
  };
}

/** The names that a graph defines itself; in ONNX they differ from those of the graphs around it. */
export function ownNames({ input = [], initializer = [], node = [] }: Message<'Graph'>): Set<string> {
  const named = [...input, ...initializer].map(({ name = '' }) => name);
  return new Set([...named, ...node.flatMap(({ output = [] }) => output)]);
}
