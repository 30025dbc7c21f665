/** Networks as files: ONNX written, read and run; weights as safetensors; arrays as npy. */

export type { Dtype } from '../files/elements.js';
export { type NpyArray, readNpy, writeNpy } from '../files/npy.js';
export { readSafetensors, type SafetensorsFile, writeSafetensors } from '../files/safetensors.js';
export { type DecodedModel, decode } from './decode.js';
export { type EncodedModel, type EncodeOptions, encode } from './encode.js';
export { readModel, writeModel } from './model-file.js';
export {
  builtProviders,
  openSession,
  PROVIDERS,
  type Provider,
  type Session,
  type SessionOptions,
  type Signature,
  type Values,
} from './session.js';
