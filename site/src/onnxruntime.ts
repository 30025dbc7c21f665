import type { Provider, Runtime } from '../platform/runtime.js';
import { loadPart, textOf } from './worker.js';

/** Puts onnxruntime-web into this worker: its script, and its binary as base64 text. */
export async function loadOnnxRuntime(provider: Provider): Promise<Runtime> {
  const name = provider === 'webgpu' ? 'ort-webgpu' : 'ort-wasm';
  await loadPart(name);
  const { ort } = globalThis as unknown as { ort: Runtime };
  ort.env.logLevel = 'fatal';
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmBinary = bytesOf(await textOf(`${name}-binary`));
  return ort;
}

function bytesOf(base64: string): ArrayBuffer {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let k = 0; k < text.length; k++) bytes[k] = text.charCodeAt(k);
  return bytes.buffer;
}
