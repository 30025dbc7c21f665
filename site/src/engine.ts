import THEOREMS from 'virtual:theorems';
import { verify } from '../../src/audit/verify.js';
import { checked } from '../../src/certificate/checked.js';
import { checkedStatements } from '../../src/certificate/statements.js';
import { InputError } from '../../src/errors.js';
import type { Target } from '../../src/evaluate/target.js';
import { withOverrides } from '../../src/instance/instance.js';
import type { Parameter } from '../../src/instance/parameters.js';
import type { Network } from '../../src/network/network.js';
import { showShape, sizes } from '../../src/network/shape.js';
import { summarise } from '../../src/network/summary.js';
import { parseRational } from '../../src/numbers/parse.js';
import { prove } from '../../src/proof/prove/prove.js';
import { readModels } from '../../src/proof/prove/read-models.js';
import { readDocument } from '../../src/report/document.js';
import { figuresOf } from '../../src/report/figures/figures.js';
import { resultJson } from '../../src/report/json.js';
import { resultBody } from '../../src/report/page/result.js';
import { proveJson } from '../../src/report/prove.js';
import { jsonText, visible } from '../../src/report/visible.js';
import { parseStatement } from '../../src/statement/index.js';
import { putFile } from '../platform/fs.js';
import { provideRuntime } from '../platform/runtime.js';
import { bytesOf, type FileMap } from './files.js';
import { loadOnnxRuntime } from './onnxruntime.js';
import type { Answers, ModelRow, Shown, Task, TheoremRow } from './protocol.js';
import { serve } from './worker.js';

type AnyParameter = Parameter<unknown>;
type Progress = (message: string, done?: number, total?: number) => void;

const DIGITS = 17;
const WIDTH = parseRational('1e-6');

/** Where networks run: in WebAssembly always, on the GPU where there is one. */
const TARGETS: readonly Target[] = [
  { provider: 'cpu', dtype: 'float64' },
  { provider: 'cpu', dtype: 'float32' },
];
const GPU_TARGET: Target = { provider: 'webgpu', dtype: 'float32' };
const WITHOUT_GPU = 'not run on WebGPU: this browser gives no adapter for it';

provideRuntime(loadOnnxRuntime);

/** What each task does. */
const TASKS: {
  [K in Exclude<Task['kind'], 'check'>]: (task: Extract<Task, { kind: K }>, progress: Progress) => Promise<Answers[K]>;
} = {
  theorems: async () => THEOREMS.map(rowOf),

  verify: async ({ theorem: id, params, runs }, progress) => {
    const entry = THEOREMS.find((one) => one.id === id);
    if (!entry) throw new InputError({ found: `unknown theorem '${id}'` });
    const { theorem } = entry;
    const bare = { theorem: id, params: new Map(), bounds: new Map() };
    const given = Object.entries(params).map(([name, value]) => `${name}=${value}`);
    const onGpu = runs && (await hasGpu());
    const execution = runs ? [...TARGETS, ...(onGpu ? [GPU_TARGET] : [])] : [];
    const found = checked(
      await verify(theorem, withOverrides(bare, given), { seed: 0, digits: DIGITS, execution, progress }),
    );
    const result = runs && !onGpu ? { ...found, notes: [...found.notes, WITHOUT_GPU] } : found;
    const stated = result.claims.filter(({ claim }) => claim.kind !== 'execution');
    const figures = figuresOf(
      result.network,
      stated.map(({ id: own, statement, claim, witness }) => ({
        id: own,
        statement: statement ?? claim.statement,
        witness,
      })),
    );
    const flags = given.map((text) => `-p '${text.replaceAll("'", "'\\''")}'`);
    return shown(resultJson(result, { call: ['exhibit verify', id, ...flags].join(' ') }, figures));
  },

  model: async ({ file, files }) => {
    await put(files);
    const [{ network }] = await readModels([file]);
    return modelRow(network);
  },

  prove: async ({ models, files, statement, seconds }, progress) => {
    await put(files);
    const read = await readModels(models);
    const found = prove(read, new Map([['claim', parseStatement(statement)]]), {
      width: WIDTH,
      deadline: Date.now() + seconds * 1000,
      progress,
    });
    const result = checkedStatements(found);
    const call = ['exhibit prove', ...models, `'${statement.replaceAll("'", "'\\''")}'`].join(' ');
    const document = proveJson(result, { call, files: [], seed: 0, digits: DIGITS });
    const figures = read.length === 1 ? { figures: figuresOf(read[0].network, result.claims) } : {};
    return shown({ ...document, ...figures });
  },
};

async function put(files: FileMap): Promise<void> {
  for (const [name, file] of Object.entries(files)) putFile(name, await bytesOf(name, file));
}

/** Whether the browser has WebGPU and something that runs it. */
async function hasGpu(): Promise<boolean> {
  const { gpu } = navigator as unknown as { gpu?: { requestAdapter(): Promise<object | null> } };
  return (await gpu?.requestAdapter().catch(() => null)) != null;
}

async function shown(document: object): Promise<Shown> {
  const json = jsonText(document, 0);
  const read = readDocument(json);
  if (read.kind !== 'claims') throw new Error('no result');
  return { json, html: visible((await resultBody(read.document)).html), verdict: read.document.verdict };
}

function rowOf({ id, theorem, examples }: (typeof THEOREMS)[number]): TheoremRow {
  const { summary, statement, source, parameters } = theorem;
  return {
    id,
    summary,
    statement,
    source: `${source.paper}, ${source.theorem} (${source.trust})`,
    parameters: Object.entries<AnyParameter>(parameters).map(([name, { meaning, fallback }]) => ({
      name,
      meaning,
      fallback: fallback === undefined || fallback === null ? null : String(fallback),
    })),
    examples,
  };
}

function modelRow(network: Network): ModelRow {
  const inputs = network.inputs.map(({ attributes, shape }) => `${attributes.name} ${showShape(shape)}`);
  const outputs = network.outputs.map(({ name, node }) => `${name} ${showShape(node.shape)}`);
  const [input] = network.inputs;
  const count = input ? sizes(input.shape).reduce((a, b) => a * b, 1) : 0;
  const box = count === 1 ? '[0, 1]' : `[0, 1]^${count}`;
  const [{ name, node }] = network.outputs;
  const isOne = sizes(node.shape).every((size) => size === 1);
  const example = input ? `for all x in ${box}: ${isOne ? name : `${name}[1]`} <= ?` : 'parameters <= ?';
  return { inputs, outputs, parameters: summarise(network).parameters, example };
}

serve((task, progress) => {
  if (task.kind === 'check') throw new Error('certificates are checked by the other worker');
  return TASKS[task.kind](task as never, progress);
});
