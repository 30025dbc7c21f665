import { type FloatFormat, FORMATS } from '../numbers/format.js';

/** Formats that weights may be stored in. */
export type Dtype = FloatFormat['name'];

/** How numbers of a format are laid out, little-endian, in ONNX, safetensors and npy files. */
export interface Element {
  readonly format: FloatFormat;
  /** TensorProto.DataType. */
  readonly code: number;
  readonly bytes: number;
  /** Stores a number that the format represents; nothing is rounded here. */
  write(view: DataView, offset: number, value: number): void;
  read(view: DataView, offset: number): number;
}

export const ELEMENTS: Readonly<Record<Dtype, Element>> = {
  float64: {
    format: FORMATS.float64,
    code: 11,
    bytes: 8,
    write: (view, offset, value) => view.setFloat64(offset, value, true),
    read: (view, offset) => view.getFloat64(offset, true),
  },
  float32: {
    format: FORMATS.float32,
    code: 1,
    bytes: 4,
    write: (view, offset, value) => view.setFloat32(offset, value, true),
    read: (view, offset) => view.getFloat32(offset, true),
  },
  float16: {
    format: FORMATS.float16,
    code: 10,
    bytes: 2,
    write: (view, offset, value) => view.setUint16(offset, float16Bits(value), true),
    read: (view, offset) => float16Value(view.getUint16(offset, true)),
  },
  bfloat16: {
    format: FORMATS.bfloat16,
    code: 16,
    bytes: 2,
    write: (view, offset, value) => view.setUint16(offset, float32Bits(value) >>> 16, true),
    read: (view, offset) => float32Value(view.getUint16(offset, true) << 16),
  },
};

/** The format of an ONNX element type, or undefined when it is none of floats. */
export function dtypeOf(code: number | undefined): Dtype | undefined {
  return (Object.keys(ELEMENTS) as Dtype[]).find((dtype) => ELEMENTS[dtype].code === code);
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The IEEE 754 binary16 pattern of a number of that format: sign, 5 bits of exponent, 10 of fraction. */
export function float16Bits(value: number): number {
  const bits = float32Bits(value);
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = Math.abs(value);
  if (magnitude < 2 ** -14) return sign | (magnitude * 2 ** 24);
  if (!Number.isFinite(value)) return sign | 0x7c00 | (Number.isNaN(value) ? 0x200 : 0);
  return sign | (((bits >>> 13) & 0x3ffff) - ((127 - 15) << 10));
}

export function float16Value(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >>> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}

const SINGLE = new DataView(new ArrayBuffer(4));

function float32Bits(value: number): number {
  SINGLE.setFloat32(0, value);
  return SINGLE.getUint32(0);
}

function float32Value(bits: number): number {
  SINGLE.setInt32(0, bits);
  return SINGLE.getFloat32(0);
}
