import * as ort from 'onnxruntime-web/webgpu';

/** onnxruntime-web as a part that a worker loads when a network runs for the first time. */
Object.assign(globalThis, { ort });
