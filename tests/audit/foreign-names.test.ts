import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { verify } from '../../src/audit/verify.js';
import { InputError } from '../../src/errors.js';
import { readInstance } from '../../src/instance/instance.js';
import { loadTheoremFile } from '../../src/library/yaml-file.js';
import { Builder } from '../../src/network/builder.js';
import { Network } from '../../src/network/network.js';
import { filled, tensor } from '../../src/network/tensor.js';
import { Rational } from '../../src/numbers/rational.js';
import { prove } from '../../src/proof/prove/prove.js';
import { parseStatement } from '../../src/statement/index.js';
import { withConstants } from '../generators/rebuild.js';

const folder = mkdtempSync(join(tmpdir(), 'exhibit-'));
writeFileSync(
  join(folder, 'own.yaml'),
  `theorem: own
summary: twice a ReLU
source: {paper: mine, theorem: "1", trust: paper}
parameters: {}
network:
  x: input [2]
  W: [[1], [2]]
  h: relu(x)
  y: h @ W
claims:
  inside: "for all x in [-1, 1]^2: |y - h[1] - 2*h[2]| <= 0"
  weight: "for all x in [0, 1]^2: y <= W[1, 1] + 2"
`,
);

async function verdicts(network: (built: Network) => Network) {
  const instance = readInstance(`theorem: own\n`, join(folder, 'own-instance.yaml'));
  const theorem = await loadTheoremFile(join(folder, 'own.yaml'));
  const options = { seed: 0, digits: 17, execution: [], progress: () => {}, network };
  const { claims } = await verify(theorem, instance, options);
  return claims.map(({ verdict }) => verdict);
}

it('claims about inner tensors hold of a network with other weights only where they do', async () => {
  const three = (built: Network) =>
    withConstants(built, (value) => tensor(value.shape, [Rational.of(3), Rational.of(2)]));
  expect(await verdicts((built) => built)).toEqual(['proved', 'proved']);
  expect(await verdicts(three)).toEqual(['refuted', 'proved']);
});

it('are not judged by what another network calls its tensors', async () => {
  const b = new Builder();
  const x = b.input('x', { n: 2 });
  const h = b.mul(x, b.constant(filled([2], Rational.of(5, 2))));
  const y = b.matmul(h, b.constant(tensor([2, 1], [Rational.one, Rational.of(2)])));
  const named = { ...h, name: 'h' };
  const given = new Network([{ name: 'y', node: { ...y, inputs: [named, y.inputs[1]] } }]);
  await expect(verdicts(() => given)).rejects.toThrow(InputError);
  await expect(verdicts(() => given)).rejects.toThrow(/has no inner tensors of the theorem/);
});

it('a tensor that is called like a size of the network makes the name ambiguous', () => {
  const b = new Builder();
  const network = b.network({ depth: b.relu(b.input('x', { n: 1 })) });
  const say = (text: string) =>
    prove([{ name: null, file: 'f.onnx', sha256: '', network }], new Map([['claim', parseStatement(text)]]), {
      width: Rational.of(1, 100),
      progress: () => {},
    });
  expect(() => say('for all x in [0, 1]: x <= depth')).toThrow(/'depth', a size of the network/);
  expect(say('for all x in [0, 1]: y <= 1').verdict).toBe('proved');
});
