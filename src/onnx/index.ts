/** Networks as files: ONNX written, read and run; weights as safetensors; arrays as npy. */
export { type DecodedModel, decode } from './decode.js';
export type { Dtype } from './elements.js';
export { type EncodedModel, type EncodeOptions, encode } from './encode.js';
export { readModel, writeModel } from './model-file.js';
export { type NpyArray, readNpy, writeNpy } from './npy.js';
export { readSafetensors, type SafetensorsFile, writeSafetensors } from './safetensors.js';
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
