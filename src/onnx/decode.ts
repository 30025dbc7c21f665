import { InputError, quote } from '../errors.js';
import { type Dtype, dtypeOf } from '../files/elements.js';
import { checkSize, checkStored, HIGHEST_RANK } from '../network/limits.js';
import { Network, type Output } from '../network/network.js';
import { sizes } from '../network/shape.js';
import { AttributeReader } from './attributes.js';
import { batchBeside, keepsExamplesApart } from './examples.js';
import { inlined } from './functions.js';
import { GraphReader, type Operand } from './graph-reader.js';
import { checkIntegers } from './integer-results.js';
import { checkMasks } from './masks.js';
import { Call, unnamed } from './readers/call.js';
import { defineArray } from './readers/constants.js';
import { READERS } from './readers/index.js';
import { symbolsOf } from './readers/tokens.js';
import type { Message } from './schema.js';
import { kindOf, readArray } from './tensors.js';
import { parseModel } from './wire.js';

/** The opsets whose operators are known here. */
const OLDEST_OPSET = 7;
const NEWEST_OPSET = 25;

export interface DecodedModel {
  /** With exactly the weights of the file. */
  readonly network: Network;
  /** What the file says about itself; nothing of it is checked. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly dtype: Dtype;
}

/** How the first axis of the inputs is taken. */
type Batch =
  /** It is the batch's: of free length, or of length 1. */
  | 'separate'
  /** It is of length 1, or taken for 1, for one example; operators may move it. The network's inputs do not have it. */
  | 'one'
  /** It is an axis like the others. */
  | 'none';

/**
 * The network that an ONNX model computes, from its graph alone. `directory` is where its external data lie, null when
 * it has none.
 *
 * A batch axis in front of every input, of free length or of length 1, is no axis of the network. A model that `encode`
 * wrote gives the same nodes, names and canonical form, with the weights as they were rounded. Throws InputError, naming
 * the operator or tensor, for what is no network of the operations known here.
 */
export function decode(model: Uint8Array, directory: string | null = null, tokens: number | null = null): DecodedModel {
  const { irVersion, graph: written, opsetImport = [], metadataProps = [], functions = [] } = parseModel(model);
  if (!written || !irVersion) throw new InputError({ found: 'no graph in the file', allowed: 'an ONNX model' });
  const opset = opsetOf(opsetImport);
  const body = { ...written, node: [...inlined(written.node ?? [], functions, opset)] };
  const dtype = modelDtype(body);
  checkOperators(body.node ?? []);
  checkStored((body.initializer ?? []).map(({ dims = [] }) => dims));
  const metadata = Object.fromEntries(metadataProps.map(({ key = '', value = '' }) => [key, value]));
  return { network: readGraph(body, opset, directory, tokens), metadata, dtype };
}

function readGraph(body: Message<'Graph'>, opset: number, directory: string | null, tokens: number | null): Network {
  const inputs = trueInputs(body).map((info) => (tokens === null ? info : withTokens(info, tokens)));
  const fronts = inputs.map((info) => lengthsOf(info)[0]);
  const isFree = fronts.length > 0 && inputs.every((info) => lengthsOf(info)[0] === null && !isRow(info));
  const isOne = fronts.length > 0 && inputs.every((info) => lengthsOf(info).length > 1 && lengthsOf(info)[0] === 1);
  const read = (batch: Batch) => readWith(body, inputs, batch, opset, directory);
  if (!isFree && !isOne) return read('none');
  if (isFree && !inputs.every(isNamedBatch)) return read('separate');
  try {
    return read('separate');
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    if (isOne) return read('one');
    return (
      readExample(read, (length) =>
        readWith(
          body,
          inputs.map((info) => withBatch(info, length)),
          'none',
          opset,
          directory,
        ),
      ) ?? raise(error)
    );
  }
}

/** A model with a free batch as the function of one example; null where it is none, or cannot be read. */
function readExample(read: (batch: Batch) => Network, readBatch: (length: number) => Network): Network | null {
  try {
    const network = read('one');
    return keepsExamplesApart(network, readBatch(batchBeside(network))) ? network : null;
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
}

function raise(error: unknown): never {
  throw error;
}

/** The input with a fixed length of its first axis. */
function withBatch(info: Message<'ValueInfo'>, length: number): Message<'ValueInfo'> {
  const { type } = info;
  const [, ...rest] = type?.tensorType?.shape?.dim ?? [];
  return {
    ...info,
    type: { ...type, tensorType: { ...type!.tensorType, shape: { dim: [{ dimValue: length }, ...rest] } } },
  };
}

function readWith(
  body: Message<'Graph'>,
  inputs: readonly Message<'ValueInfo'>[],
  batch: Batch,
  opset: number,
  directory: string | null,
): Network {
  const { initializer = [], node = [], output = [] } = body;
  const names = new Set([
    ...node.flatMap((operator) => operator.output ?? []),
    ...initializer.map(({ name = '' }) => name),
  ]);
  const fixesBatch = batch === 'separate' && lengthsOf(inputs[0])[0] === 1;
  const graph = new GraphReader(opset, fixesBatch, directory, names, {
    operator: readOperator,
    array: (tensor, reader) => readInitializer(tensor, reader),
  });
  for (const info of inputs) readInput(info, batch, graph, body);
  checkBatchNames(inputs);
  for (const tensor of initializer) readInitializer(tensor, graph);
  for (const operator of node) readOperator(operator, graph);
  const network = new Network(readOutputs(output, graph, batch));
  checkMasks(network);
  return network;
}

function readInitializer(tensor: Message<'Tensor'>, graph: GraphReader): void {
  const { name = '', docString = '' } = tensor;
  defineArray({ graph }, name, readArray(tensor, graph.directory), docString);
}

function opsetOf(imports: readonly Message<'Opset'>[]): number {
  const versions = imports.filter(({ domain }) => isStandard(domain)).map(({ version = 0 }) => version);
  const fits = versions.length === 1 && versions[0] >= OLDEST_OPSET && versions[0] <= NEWEST_OPSET;
  if (fits) return versions[0];
  throw new InputError({
    found: `a model of opset ${versions.join(' and ') || 'none'}`,
    allowed: `opsets ${OLDEST_OPSET} to ${NEWEST_OPSET} of the ONNX operators`,
  });
}

/** The format of the first output of floats, or of the first input when there is none. */
function modelDtype({ input = [], output = [] }: Message<'Graph'>): Dtype {
  if (output.length === 0) throw new InputError({ found: 'a model without outputs', allowed: 'one output or more' });
  const dtype = [...output, ...input].map((info) => dtypeOf(info.type?.tensorType?.elemType)).find(Boolean);
  if (dtype) return dtype;
  throw new InputError({
    found: 'a model without floats',
    allowed: 'inputs or outputs of floats (types 1, 10, 11, 16)',
  });
}

/** All operators that are not read, in one message. */
function checkOperators(operators: readonly Message<'Operator'>[]): void {
  const unread = operators.filter(({ opType = '', domain }) => !isStandard(domain) || !Object.hasOwn(READERS, opType));
  if (unread.length === 0) return;
  const byName = new Map<string, string>();
  for (const { opType = '', domain, output = [] } of unread) {
    const name = domain && !isStandard(domain) ? `${domain}.${opType}` : opType;
    if (!byName.has(name)) byName.set(name, output[0] ?? '');
  }
  const listed = [...byName].slice(0, 20).map(([name, tensor]) => `${quote(name)} of tensor ${quote(tensor)}`);
  throw new InputError({
    found: `operators that are not read: ${listed.join(', ')}${byName.size > 20 ? ', ...' : ''}`,
    allowed: Object.keys(READERS).join(', '),
    mend: 'export the part of the model before them, or write them with the operators allowed',
  });
}

/** Older exporters list the initializers among the inputs. */
function trueInputs({ input = [], initializer = [] }: Message<'Graph'>): Message<'ValueInfo'>[] {
  const stored = new Set(initializer.map(({ name }) => name));
  return input.filter(({ name }) => !stored.has(name));
}

/** The lengths that a file declares; null for a free one. */
function lengthsOf({ type }: Message<'ValueInfo'>): (number | null)[] {
  return (type?.tensorType?.shape?.dim ?? []).map(({ dimValue }) => dimValue ?? null);
}

/** Whether the file calls the first axis the batch: it is then 1 for one example. */
function isNamedBatch({ type }: Message<'ValueInfo'>): boolean {
  const name = type?.tensorType?.shape?.dim?.[0]?.dimParam ?? '';
  return /batch|^[bn]$/i.test(name);
}

/** Integers along one axis: the tokens of one sequence. */
function isRow(info: Message<'ValueInfo'>): boolean {
  return isInteger(info) && lengthsOf(info).length === 1;
}

function isInteger({ type }: Message<'ValueInfo'>): boolean {
  return kindOf(type?.tensorType?.elemType) === 'integer';
}

/** The last axis of an input of integers, where its length is free, is as long as the sequences. */
function withTokens(info: Message<'ValueInfo'>, tokens: number): Message<'ValueInfo'> {
  const { type } = info;
  const dim = type?.tensorType?.shape?.dim ?? [];
  if (!isInteger(info) || dim.length === 0 || dim.at(-1)!.dimValue) return info;
  const shape = { dim: [...dim.slice(0, -1), { dimValue: tokens }] };
  return { ...info, type: { ...type, tensorType: { ...type!.tensorType, shape } } };
}

function readInput(info: Message<'ValueInfo'>, batch: Batch, graph: GraphReader, body: Message<'Graph'>): void {
  const { name = '' } = info;
  const code = info.type?.tensorType?.elemType;
  if (!dtypeOf(code) && !isInteger(info)) {
    throw new InputError({
      found: `input ${quote(name)} of element type ${code ?? 0}`,
      allowed: 'floats (types 1, 10, 11, 16), or integers that are tokens',
    });
  }
  const declared = lengthsOf(info);
  const rest = batch === 'none' ? declared : declared.slice(1);
  if (!info.type?.tensorType?.shape || rest.some((length) => !length)) {
    throw new InputError({
      found: `input ${quote(name)} of shape [${showDims(info)}]`,
      allowed: 'a batch axis in front, free or 1, the same for all inputs, and fixed lengths behind',
      mend: 'export the model with these lengths fixed',
    });
  }
  const lengths = rest as number[];
  checkSize(name, lengths);
  graph.checkNew(name);
  const symbols = isInteger(info) ? symbolsOf(name, body) : null;
  const shape = symbols === null ? lengths : [...lengths, symbols];
  const input = graph.builder.node('input', { name }, [], name, unnamed(shape));
  const node = batch === 'one' ? graph.builder.node('reshape', { to: unnamed([1, ...shape]) }, [input]) : input;
  if (symbols !== null) graph.define(name, { is: 'tokens', node, batch: batch === 'separate', symbols });
  else graph.result(name, { node, batch: batch === 'separate', kind: isInteger(info) ? 'integer' : 'float' });
}

function checkBatchNames(inputs: readonly Message<'ValueInfo'>[]): void {
  const free = inputs.map((info) => info.type?.tensorType?.shape?.dim?.[0]?.dimParam).filter(Boolean);
  const names = new Set(free);
  if (names.size <= 1) return;
  throw new InputError({
    found: `batch axes ${[...names].map((n) => quote(n!)).join(', ')}`,
    allowed: 'one name for all',
  });
}

function readOperator(operator: Message<'Operator'>, graph: GraphReader): void {
  const { opType = '', input: inputs = [], output: outputs = [], docString: doc = '' } = operator;
  checkOperators([operator]);
  const reader = READERS[opType];
  const [least, most] = reader.inputs;
  const used = withoutEmptyTail(outputs);
  const given = withoutEmptyTail(inputs);
  if (given.length < least || given.length > most || used.length < 1 || used.length > (reader.outputs ?? 1)) {
    const allowed =
      least === most ? `${least}` : `${least} to ${most === Number.POSITIVE_INFINITY ? 'any number of' : most}`;
    throw new InputError({
      found: `operator ${quote(opType)} of tensor ${quote(outputs[0] ?? '')} with ${given.length} inputs and ${used.length} outputs`,
      allowed: `${allowed} inputs and at most ${reader.outputs ?? 1} outputs`,
    });
  }
  for (const name of used) if (name !== '') graph.checkNew(name);
  const attributes = new AttributeReader(operator);
  reader.read(new Call(opType, given, used, attributes, doc, graph));
  attributes.done();
  checkIntegers(operator, used, graph);
}

/** An optional argument or result is left out by an empty name. */
function withoutEmptyTail(names: readonly string[]): readonly string[] {
  const last = names.findLastIndex((name) => name !== '');
  return names.slice(0, last + 1);
}

function readOutputs(outputs: readonly Message<'ValueInfo'>[], graph: GraphReader, batch: Batch): Output[] {
  const names = new Set<string>();
  return outputs.map((info) => {
    const { name = '' } = info;
    if (names.has(name)) throw new InputError({ found: `output ${quote(name)} twice`, allowed: 'each output once' });
    names.add(name);
    const operand = graph.operand(name);
    checkOutput(info, operand);
    const [front, ...rest] = sizes(operand.node.shape);
    const isOne = batch === 'one' && front === 1;
    const node = isOne ? graph.builder.node('reshape', { to: unnamed(rest) }, [operand.node]) : operand.node;
    return { name, node };
  });
}

function checkOutput(info: Message<'ValueInfo'>, { node, batch, kind }: Operand): void {
  const { name = '', type } = info;
  const code = type?.tensorType?.elemType;
  if (kindOf(code) !== kind) {
    throw new InputError({
      found: `output ${quote(name)} of element type ${code ?? 0}`,
      allowed: `the type of a ${kind}`,
    });
  }
  const dims = type?.tensorType?.shape?.dim;
  const expected = [...(batch ? [undefined] : []), ...sizes(node.shape)];
  const contradicts = (size: number | undefined, k: number) =>
    dims?.[k].dimValue !== undefined && dims[k].dimValue !== size;
  if (
    !dims ||
    (dims.length === expected.length && !expected.some((size, k) => size !== undefined && contradicts(size, k)))
  )
    return;
  throw new InputError({
    found: `output ${quote(name)} declared as [${showDims(info)}]`,
    allowed: `the shape it has, [${expected.map((size) => size ?? 'batch').join(', ')}]`,
  });
}

function showDims({ type }: Message<'ValueInfo'>): string {
  const dims = type?.tensorType?.shape?.dim ?? [];
  return dims
    .map(({ dimValue, dimParam }) => dimValue ?? (dimParam || '?'))
    .slice(0, HIGHEST_RANK)
    .join(', ');
}

function isStandard(domain: string | undefined): boolean {
  return !domain || domain === 'ai.onnx';
}
