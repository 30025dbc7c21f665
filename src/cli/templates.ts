import { join } from 'node:path';

/** The files of a new theorem: two ReLUs that clip a number, to be replaced by one's own. */
export function newTheorem(id: string): readonly { readonly path: string; readonly text: string }[] {
  return [
    { path: join(id, `${id}.yaml`), text: theorem(id) },
    { path: join(id, 'instances', `${id}.yaml`), text: instance(id) },
    { path: join(id, 'instances', `${id}-too-small.yaml`), text: tooSmall(id) },
    { path: join(id, 'README.md'), text: readme(id) },
  ];
}

const theorem = (
  id: string,
) => `# A theorem: parameters, a network, claims about it. 'exhibit schema theorem' is a schema for editors.
theorem: ${id}
summary: two ReLUs clip a number to [0, 1] exactly
source: {paper: where it is stated, theorem: Lemma 1, trust: recalled}
parameters:
  # kinds: integer, rational, function, list, matrix; ranges: min, max (included), above, below (excluded); default
  R: {rational: half the width of the interval, above: 0}
network:
  # One tensor per line, over the tensors above it; the last one is the output.
  x: input [1]
  h: relu(x @ [[1, 1]] + [0, -1])
  y: h @ [[1], [-1]]
claims:
  error: "for all x in [-R, R]: |y - min(max(x, 0), 1)| <= 0"
  size: "parameters <= 6"
`;

const instance = (id: string) => `# The theorem with a value for each of its parameters; 'exhibit verify' proves it.
theorem: ../${id}.yaml
params:
  R: 10
expect: proved
`;

const tooSmall = (id: string) => `# A claim that is stated more sharply than it is true, which must be refuted.
theorem: ../${id}.yaml
params:
  R: 10
claims:
  size: {bound: 5}
expect: refuted
`;

const readme = (id: string) => `# ${id}

    exhibit show ${id}/${id}.yaml
    exhibit verify ${id}/instances/${id}.yaml
    exhibit audit ${id}              compares every verdict with what its instance expects
    exhibit build ${id}/${id}.yaml -p R=10 -o ${id}.onnx
`;
