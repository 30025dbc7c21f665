import type { Dtype } from '../files/elements.js';
import { concatenated } from '../files/floats.js';
import { checkSize } from '../network/limits.js';
import type { Network } from '../network/network.js';
import { sizes } from '../network/shape.js';
import { tool } from '../version.js';
import { GraphWriter } from './graph-writer.js';
import type { Initializer } from './initializer.js';
import { emitNode } from './operators.js';
import { EXTERNAL, type Message } from './schema.js';
import { serialiseModel } from './wire.js';

/** Versions of the file format and of the operators: what onnxruntime 1.14 and later and onnx 1.12 and later read. */
const IR_VERSION = 8;
const OPSET = 17;

/** Weights of more bytes than this go to a second file: a protobuf file ends at 2^31 bytes. */
const LARGEST_INLINE = 2 ** 30;
/** Arrays below this size stay in the model all the same: shapes and axes must be readable without the second file. */
const SMALLEST_EXTERNAL = 1024;
/** Offsets that can be mapped into memory. */
const PAGE = 4096;

export interface EncodeOptions {
  readonly dtype: Exclude<Dtype, 'bfloat16'>;
  /** Written to the model's metadata, which nothing reads back into the network. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** Name of the file beside the model that takes weights too large for the model; default 'weights.data'. */
  readonly externalFile?: string;
  /** Bytes of weights beyond which they go there; default 2^30. */
  readonly largestInline?: number;
}

/** The bytes of a model file and, when its weights are too many for one file, those of the file beside it. */
export interface EncodedModel {
  readonly model: Uint8Array;
  readonly external: { readonly file: string; readonly bytes: number; pieces(): Iterable<Uint8Array> } | null;
}

/**
 * The network as an ONNX model in standard operators (opset 17, IR version 8), each weight rounded to the nearest
 * number of `dtype`, ties to even. Every input, and every tensor that depends on one, has a free batch axis in front.
 *
 * Tensors are called after their nodes and outputs after the network's outputs. Throws InputError for a weight beyond
 * the range of the format (for external weights when their pieces are taken) and for shapes that decode refuses.
 */
export function encode(network: Network, options: EncodeOptions): EncodedModel {
  const graph = new GraphWriter(network, options.dtype);
  for (const node of network.nodes) {
    checkSize(node.name, sizes(node.shape));
    emitNode(node, graph);
  }
  for (const { name, node } of network.outputs) {
    if (graph.nameOf(node) !== name) graph.emit('Identity', [graph.nameOf(node)], name);
  }
  const total = graph.initializers.reduce((sum, { bytes }) => sum + bytes, 0);
  const split = total > (options.largestInline ?? LARGEST_INLINE);
  const store = split ? layOut(graph.initializers) : [];
  const file = options.externalFile ?? 'weights.data';
  const offsets = new Map(store.map(({ initializer, offset }) => [initializer, offset]));
  const model = serialiseModel({
    irVersion: IR_VERSION,
    producerName: tool().name,
    producerVersion: tool().version,
    opsetImport: [{ domain: '', version: OPSET }],
    metadataProps: Object.entries(options.metadata ?? {}).map(([key, value]) => ({ key, value })),
    graph: {
      name: 'network',
      node: graph.operators,
      initializer: graph.initializers.map((initializer) => tensorOf(initializer, file, offsets.get(initializer))),
      input: network.inputs.map((node) => graph.valueInfo(graph.nameOf(node), sizes(node.shape), true)),
      output: network.outputs.map(({ name, node }) => graph.valueInfo(name, sizes(node.shape), node.batched)),
    },
  });
  const bytes = store.reduce((_, { initializer, offset }) => offset + initializer.bytes, 0);
  return { model, external: split ? { file, bytes, pieces: () => externalPieces(store) } : null };
}

interface Placed {
  readonly initializer: Initializer;
  readonly offset: number;
}

function layOut(initializers: readonly Initializer[]): Placed[] {
  let end = 0;
  return initializers
    .filter(({ bytes }) => bytes >= SMALLEST_EXTERNAL)
    .map((initializer) => {
      const offset = Math.ceil(end / PAGE) * PAGE;
      end = offset + initializer.bytes;
      return { initializer, offset };
    });
}

function* externalPieces(store: readonly Placed[]): Generator<Uint8Array> {
  let end = 0;
  for (const { initializer, offset } of store) {
    yield new Uint8Array(offset - end);
    yield* initializer.pieces();
    end = offset + initializer.bytes;
  }
}

function tensorOf(initializer: Initializer, file: string, offset: number | undefined): Message<'Tensor'> {
  const { name, dims, code, bytes, doc } = initializer;
  const tensor = { name, dims: [...dims], dataType: code, ...(doc ? { docString: doc } : {}) };
  if (offset === undefined) return { ...tensor, rawData: concatenated(initializer.pieces(), bytes) };
  const place = { location: file, offset: `${offset}`, length: `${bytes}` };
  const externalData = Object.entries(place).map(([key, value]) => ({ key, value }));
  return { ...tensor, externalData, dataLocation: EXTERNAL };
}
