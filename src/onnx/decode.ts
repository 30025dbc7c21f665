import { InputError, quote } from '../errors.js';
import { checkSize, checkStored, HIGHEST_RANK } from '../network/limits.js';
import { Network } from '../network/network.js';
import { sizes } from '../network/shape.js';
import { AttributeReader } from './attributes.js';
import { type Dtype, dtypeOf } from './elements.js';
import { GraphReader } from './graph-reader.js';
import { READERS, unnamed } from './readers.js';
import type { Message } from './schema.js';
import { readArray } from './tensors.js';
import { parseModel } from './wire.js';

/** The opsets in which every operator read here means the same. */
const OLDEST_OPSET = 13;
const NEWEST_OPSET = 17;

export interface DecodedModel {
  /** With exactly the weights of the file. */
  readonly network: Network;
  /** What the file says about itself; nothing of it is checked. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly dtype: Dtype;
}

/**
 * The network that an ONNX model computes, from its graph alone. `directory` is where its external data lie, null when
 * it has none.
 *
 * A model that `encode` wrote gives the same nodes, names and canonical form, with the weights as they were rounded.
 * Models of others are read when they keep to the same operators in the same sense, with a free batch axis in front.
 * Throws InputError, naming the operator or tensor, for everything else.
 */
export function decode(model: Uint8Array, directory: string | null = null): DecodedModel {
  const { irVersion, graph: body, opsetImport = [], metadataProps = [] } = parseModel(model);
  if (!body || !irVersion) throw new InputError({ found: 'no graph in the file', allowed: 'an ONNX model' });
  checkOpsets(opsetImport);
  const { initializer = [], node = [], input = [], output = [] } = body;
  const dtype = modelDtype(output);
  const graph = new GraphReader(dtype);
  readInputs(input, graph);
  checkStored(initializer.map(({ dims = [] }) => dims));
  for (const tensor of initializer) readInitializer(tensor, directory, graph);
  for (const operator of node) readOperator(operator, graph);
  const metadata = Object.fromEntries(metadataProps.map(({ key = '', value = '' }) => [key, value]));
  return { network: new Network(readOutputs(output, graph)), metadata, dtype };
}

function checkOpsets(imports: readonly Message<'Opset'>[]): void {
  const versions = imports.filter(({ domain }) => isStandard(domain)).map(({ version = 0 }) => version);
  const fits = versions.length === 1 && versions[0] >= OLDEST_OPSET && versions[0] <= NEWEST_OPSET;
  if (fits) return;
  throw new InputError({
    found: `a model of opset ${versions.join(' and ') || 'none'}`,
    allowed: `opsets ${OLDEST_OPSET} to ${NEWEST_OPSET} of the ONNX operators`,
  });
}

function modelDtype(outputs: readonly Message<'ValueInfo'>[]): Dtype {
  if (outputs.length === 0) throw new InputError({ found: 'a model without outputs', allowed: 'one output or more' });
  const code = outputs[0].type?.tensorType?.elemType;
  const dtype = dtypeOf(code);
  if (dtype) return dtype;
  throw new InputError({
    found: `output ${quote(outputs[0].name ?? '')} of element type ${code ?? 0}`,
    allowed: 'floats (types 1, 10, 11, 16)',
  });
}

function readInputs(inputs: readonly Message<'ValueInfo'>[], graph: GraphReader): void {
  const batchNames = new Set<string>();
  for (const info of inputs) {
    const { name = '' } = info;
    checkDtype(info, graph.dtype, 'input');
    const [batch, ...rest] = info.type?.tensorType?.shape?.dim ?? [];
    const lengths = rest.map(({ dimValue = 0 }) => dimValue);
    if (!batch || batch.dimValue !== undefined || rest.some(({ dimParam }) => dimParam !== undefined)) {
      throw new InputError({
        found: `input ${quote(name)} of shape [${showDims(info)}]`,
        allowed: 'a free batch axis in front and fixed lengths behind',
      });
    }
    checkSize(name, lengths);
    if (batch.dimParam) batchNames.add(batch.dimParam);
    graph.node(name, 'input', { name }, [], unnamed(lengths));
  }
  if (batchNames.size > 1) {
    throw new InputError({ found: `batch axes ${[...batchNames].map(quote).join(', ')}`, allowed: 'one name for all' });
  }
}

function readInitializer(tensor: Message<'Tensor'>, directory: string | null, graph: GraphReader): void {
  const { name = '', docString: doc = '' } = tensor;
  const array = readArray(tensor, directory);
  if (array.kind === 'floats' && array.dtype !== graph.dtype) {
    throw new InputError({
      found: `initializer ${quote(name)} of ${array.dtype}`,
      allowed: `${graph.dtype} throughout`,
    });
  }
  graph.define(name, array.kind === 'floats' ? { kind: 'floats', tensor: array.tensor, doc } : array);
}

function readOperator(operator: Message<'Operator'>, graph: GraphReader): void {
  const { opType = '', domain, input: inputs = [], output: outputs = [], docString: doc = '' } = operator;
  const reader = isStandard(domain) && Object.hasOwn(READERS, opType) ? READERS[opType] : undefined;
  const place = `of tensor ${quote(outputs[0] ?? '')}`;
  if (!reader) {
    const name = domain ? `${domain}.${opType}` : opType;
    throw new InputError({ found: `operator ${quote(name)} ${place}`, allowed: Object.keys(READERS).join(', ') });
  }
  if ((reader.inputs !== null && inputs.length !== reader.inputs) || outputs.length !== reader.outputs) {
    throw new InputError({
      found: `operator ${quote(opType)} ${place} with ${inputs.length} inputs and ${outputs.length} outputs`,
      allowed: `${reader.inputs ?? 'any number of'} inputs and ${reader.outputs} outputs`,
    });
  }
  const attributes = new AttributeReader(operator);
  reader.read({ opType, inputs, outputs, attributes, doc }, graph);
  attributes.done();
}

function readOutputs(outputs: readonly Message<'ValueInfo'>[], graph: GraphReader) {
  const names = new Set<string>();
  return outputs.map((info) => {
    const { name = '' } = info;
    if (names.has(name)) throw new InputError({ found: `output ${quote(name)} twice`, allowed: 'each output once' });
    names.add(name);
    checkDtype(info, graph.dtype, 'output');
    const node = graph.tensor(name);
    const dims = info.type?.tensorType?.shape?.dim;
    const expected = [...(node.batched ? [undefined] : []), ...sizes(node.shape)];
    const contradicts = (k: number, size?: number) => dims?.[k].dimValue !== undefined && dims[k].dimValue !== size;
    if (dims && (dims.length !== expected.length || expected.some((size, k) => contradicts(k, size)))) {
      throw new InputError({
        found: `output ${quote(name)} declared as [${showDims(info)}]`,
        allowed: `the shape it has, [${expected.map((size) => size ?? 'batch').join(', ')}]`,
      });
    }
    return { name, node };
  });
}

function checkDtype({ name = '', type }: Message<'ValueInfo'>, dtype: Dtype, kind: string): void {
  const code = type?.tensorType?.elemType;
  if (dtypeOf(code) === dtype) return;
  throw new InputError({
    found: `${kind} ${quote(name)} of element type ${code ?? 0}`,
    allowed: `${dtype} throughout`,
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
