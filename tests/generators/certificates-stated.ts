import { statementCertificate } from '../../src/certificate/statements.js';
import { Builder } from '../../src/network/builder.js';
import { canonicalForm } from '../../src/network/canonical.js';
import type { Network } from '../../src/network/network.js';
import { tensor } from '../../src/network/tensor.js';
import { Rational } from '../../src/numbers/rational.js';
import { prove } from '../../src/proof/prove/prove.js';
import { proveGeneration } from '../../src/proof/rules/sequences/generation.js';
import { parseStatement } from '../../src/statement/index.js';
import type { Certified } from './certificates.js';
import { byHand } from './certificates-by-hand.js';

function constant(shape: readonly number[], entries: readonly number[]) {
  return tensor(
    shape,
    entries.map((entry) => Rational.of(entry)),
  );
}

/** y = 2 relu(x[1] - x[2]) - relu(x[1]/2 + 1/4). */
function kinks(): Network {
  const b = new Builder();
  const x = b.input('x', { i: 2 });
  const W = tensor([2, 2], [Rational.one, Rational.of(1, 2), Rational.of(-1), Rational.zero]);
  const h = b.relu(b.affine(x, b.constant(W), b.constant(tensor([2], [Rational.zero, Rational.of(1, 4)]))));
  return b.network({ y: b.affine(h, b.constant(constant([2, 1], [2, -1])), b.constant(constant([1], [0]))) });
}

/** y = sigmoid(x[1] + 2 x[2]). */
function curve(): Network {
  const b = new Builder();
  const x = b.input('x', { i: 2 });
  return b.network({ y: b.apply('sigmoid', b.matmul(x, b.constant(constant([2, 1], [1, 2])))) });
}

/** Of two tokens from 0 to 2, the larger has the larger logit and is what the second row scores highest. */
function larger(): Network {
  const b = new Builder();
  const x = b.matmul(b.input('s', { T: 2, V: 3 }), b.constant(constant([3, 1], [0, 1, 2])));
  const queries = b.constant(constant([2, 1], [20, 20]));
  const h = b.matmul(b.softmax(b.matmul(queries, b.transpose(x, [1, 0])), 1), x);
  const [slopes, offsets] = [constant([1, 3], [0, 2, 4]), constant([3], [0, -1, -4])];
  return b.network({ logits: b.affine(h, b.constant(slopes), b.constant(offsets)) });
}

/** What `exhibit prove` shows of small networks: statements of every shape that a rule of the checker is for. */
export const STATED: readonly (readonly [text: string, verdict: string, () => Network])[] = [
  ['for all x in [-1, 1]^2: -3/4 <= y <= 15/4', 'proved', kinks],
  ['for all x in [-1, 1]^2 with x[1] <= x[2]: y <= 1/10 - x[1]/8', 'proved', kinks],
  ["for all x, x' in [-1, 1]^2: |y(x) - y(x')| <= 4*max_{i in 1..2}(|x[i] - x'[i]|)", 'proved', kinks],
  ["for all x, x' in [-1, 1]^2: |y(x) - y(x')| <= 1*max_{i in 1..2}(|x[i] - x'[i]|)", 'proved', curve],
  ["for all x, x' in [0, 1]^2 with x[1] <= x'[1] and x[2] <= x'[2]: y(x) <= y(x')", 'proved', curve],
  ['for all x in [-1, 1]^2: y <= 2', 'refuted', kinks],
  ['for all x in {-1..1}^2: y <= relu(x[1] - x[2])*2', 'proved', kinks],
  ['for all s in {0..2}^2: argmax(logits[2]) = 1 + max(s[1], s[2])', 'proved', larger],
  ['for all s in {0..2}^2 with s[1] < s[2]: margin(logits[2], 1 + s[2]) >= 1/2', 'proved', larger],
  ['for all s in {0..2}^2: margin(logits[2], 1 + s[2]) >= 0', 'refuted', larger],
];

export function certifyStated([text, verdict, build]: (typeof STATED)[number]): Certified {
  const network = build();
  const model = { name: null, file: 'network.json', sha256: '', network };
  const options = { width: Rational.of(1, 10 ** 6), progress: () => {} };
  const result = prove([model], new Map([['claim', parseStatement(text)]]), options);
  if (result.verdict !== verdict) throw new Error(`${text} is ${result.verdict}`);
  const found = statementCertificate(result, 'network.json');
  if (typeof found === 'string' || found.covered === 0) throw new Error(`${text} has no certificate`);
  return { certificate: [...found.text].join(''), network: [...canonicalForm(found.network)].join('') };
}

/** The larger of two tokens is written behind them. */
export function certifyText(): Certified {
  const network = larger();
  const text = [{ places: '1', token: 'max(s[1], s[2])' }];
  const whole = proveGeneration(network, { variable: 's', prompts: '{0..2}^2', output: 'logits', text });
  const fact = whole.find(({ id }) => id === 'text');
  if (fact?.kind !== 'fact') throw new Error('the text is not proved');
  const limits = { lo: null, hi: null };
  const data = fact.evidence!(network, limits) as Record<string, unknown>;
  const steps = [{ rule: 'generation', data }];
  return byHand([...canonicalForm(network)].join(''), [{ id: 'text', conclusion: fact.conclusion!(limits), steps }]);
}
