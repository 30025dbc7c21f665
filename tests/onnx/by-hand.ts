import type { Message } from '../../src/onnx/schema.js';
import { serialiseModel } from '../../src/onnx/wire.js';

/** Types of elements, as the files number them. */
export const [FLOAT, UINT8, INT8, INT32, INT64, BOOL] = [1, 2, 3, 6, 7, 9] as const;

/** An input or output of fixed lengths. */
export function port(name: string, lengths: readonly number[], elemType: number = FLOAT): Message<'ValueInfo'> {
  return { name, type: { tensorType: { elemType, shape: { dim: lengths.map((dimValue) => ({ dimValue })) } } } };
}

export function floats(name: string, dims: readonly number[], values: readonly number[]): Message<'Tensor'> {
  return { name, dims: [...dims], dataType: FLOAT, rawData: new Uint8Array(Float32Array.from(values).buffer) };
}

/** An operator that changes the type of elements. */
export function cast(from: string, to: string, type: number): Message<'Operator'> {
  return { input: [from], output: [to], opType: 'Cast', attribute: [{ name: 'to', type: 2, i: type }] };
}

/** The bytes of a model of opset 17. */
export function modelOf(graph: Message<'Graph'>, more: Partial<Message<'Model'>> = {}): Uint8Array {
  const opsetImport = [{ domain: '', version: 17 }];
  return serialiseModel({ irVersion: 8, opsetImport, ...more, graph: { name: 'by hand', ...graph } });
}
