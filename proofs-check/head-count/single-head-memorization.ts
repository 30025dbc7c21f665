import { resolve } from 'node:path';
import { readTask } from '../../constructions/retrieval-task.js';
import { type Memorization, memorizationFromData } from '../../constructions/single-head.js';
import { type TaskDesign, taskNetwork } from '../../constructions/single-head-task.js';
import {
  type Claim,
  choice,
  InputError,
  integer,
  optional,
  placed,
  rational,
  readSequences,
  type Theorem,
  text,
  texts,
  type ValuesOf,
  withDefault,
} from '../../src/index.js';
import { MEMORIZATION_CLAIMS } from './memorization/claims.js';
import { checkRanges, readoutLipschitz } from './retrieval/hypotheses.js';
import { TASK_CLAIMS } from './retrieval/task-claims.js';

const parameters = {
  T: integer('number of tokens', { min: 1, max: 1 << 14 }),
  d: integer('dimension of a token', { min: 1, max: 1 << 10 }),
  data: optional(
    text('labelled sequences to memorise', 'the path of a .csv or .json file, relative to the instance'),
    'none: a retrieval task is approximated instead',
  ),
  eps: optional(rational('error allowed for a retrieval task', { above: '0', atMost: '1' }), 'needed for a task'),
  features: optional(
    texts('f_1, ..., f_D from [0,1]^d to [0,1]', 'a list of expressions in x1, ..., xd'),
    'needed for a task',
  ),
  positions: optional(texts('S_1, ..., S_D', 'a list of position sets such as "1..32"'), 'needed for a task'),
  readout: optional(text('F_0', 'an expression in z1, ..., zD'), 'needed for a task'),
  minimum: withDefault(choice('how the minimum is taken', ['tree', 'threshold']), 'tree'),
  N: optional(integer('pieces of each hat net', { min: 1, max: 1 << 16 }), 'from eps and the second derivatives'),
  M: optional(integer('levels of the threshold minimum', { min: 1, max: 1 << 16 }), '2 L_0/eps, rounded up'),
};

type Params = ValuesOf<typeof parameters>;
type Design = Memorization | TaskDesign;

/** E = T d channels; beyond this even the sparse weights are too many. */
const MOST_CHANNELS = 1 << 16;

const theorem: Theorem<typeof parameters, Design> = {
  id: 'single-head-memorization',
  summary: 'one uniform head with E = T d memorises labelled sequences exactly, or approximates a retrieval task',
  statement:
    'A transformer with a single head of dimension n = T d and all logits 0 hands (x^1, ..., x^T) to a feed-forward net. ' +
    'Data: for distinct sequences X_1, ..., X_N with labels y_k, one hidden layer of N ReLUs gives F(X_k) = y_k for ' +
    'every k, with 3 N + 4 T d + 1 parameters. Task: for features f_i, position sets S_i and a piecewise linear ' +
    'readout F_0, hat nets, minima and the readout give |y(X) - F_0(min_{S_1} f_1, ..., min_{S_D} f_D)| <= eps for ' +
    'every X in [0,1]^{dT}.',
  source: { paper: 'arXiv:2510.06662', theorem: 'Theorem 2 (3), explicit weights', trust: 'proved' },
  parameters,
  construct: (params, { directory }) => {
    const { T, d, data } = params;
    if (T * d > MOST_CHANNELS) {
      throw new InputError({ field: 'T', found: `T d = ${T * d} channels`, allowed: `at most ${MOST_CHANNELS}` });
    }
    if (!data) return taskConstruction(params);
    const extra = (['features', 'positions', 'readout', 'eps'] as const).find((name) => params[name] !== undefined);
    if (extra) throw new InputError({ field: extra, found: 'data and a task together', allowed: 'one of them' });
    const sequences = placed(data.place, () => readSequences(resolve(directory, data.text), { T, d }));
    return placed(data.place, () => memorizationFromData(sequences, { T, d }));
  },
  claims: [
    ...MEMORIZATION_CLAIMS.map((claim) => ({ ...claim, applies: ({ data }: Params) => data !== undefined })),
    ...TASK_CLAIMS.map((claim) => ({ ...claim, applies: ({ data }: Params) => data === undefined })),
  ] as unknown as readonly Claim<Params, Design>[],
};

function taskConstruction({ T, d, eps, features, positions, readout, minimum, N, M }: Params) {
  const needed = Object.entries({ eps, features, positions, readout }).find(([, value]) => value === undefined);
  if (!eps || !features || !positions || !readout) {
    throw new InputError({
      field: needed![0],
      found: `neither data nor ${needed![0]}`,
      allowed: 'data to memorise, or a task: eps, features, positions and readout',
    });
  }
  const task = readTask({ T, d }, { features, positions, readout });
  checkRanges(task, features);
  const choices = { minimum, eps, lipschitz: readoutLipschitz(task), pieces: N, levels: M };
  return placed(readout.place, () => taskNetwork(task, choices));
}

export default theorem;
