import protobuf from 'protobufjs/minimal.js';
import type { MessageType } from './schema.js';

type Plain = Record<string, unknown>;

/** Scalars of the schema: their wire type, and how they are read and written. */
const SCALARS: Readonly<
  Record<string, { wire: number; read(from: protobuf.Reader): unknown; write(to: protobuf.Writer, value: never): void }>
> = {
  int64: { wire: 0, read: (from) => numberOf(from.int64()), write: (to, value: number) => to.int64(value) },
  int32: { wire: 0, read: (from) => from.int32(), write: (to, value: number) => to.int32(value) },
  float: { wire: 5, read: (from) => from.float(), write: (to, value: number) => to.float(value) },
  double: { wire: 1, read: (from) => from.double(), write: (to, value: number) => to.double(value) },
  string: { wire: 2, read: (from) => from.stringVerify(), write: (to, value: string) => to.string(value) },
  bytes: { wire: 2, read: (from) => from.bytes(), write: (to, value: Uint8Array) => to.bytes(value) },
};
const LENGTH_DELIMITED = 2;

/** A message as a plain object, int64 as numbers, repeated fields as lists. The bytes must have been walked. */
export function decodeMessage(type: MessageType, reader: protobuf.Reader, end: number): Plain {
  const message: Plain = {};
  for (const { name, repeated } of type.fields) if (repeated) message[name] = [];
  while (reader.pos < end) {
    const tag = reader.uint32();
    const field = type.byId.get(tag >>> 3)!;
    const scalar = SCALARS[field.type];
    const list = message[field.name] as unknown[];
    if (field.message) {
      const inner = decodeMessage(field.message, reader, reader.uint32() + reader.pos);
      if (field.repeated) list.push(inner);
      else message[field.name] = inner;
    } else if (!field.repeated) message[field.name] = scalar.read(reader);
    else if ((tag & 7) === LENGTH_DELIMITED && scalar.wire !== LENGTH_DELIMITED) {
      const last = reader.uint32() + reader.pos;
      while (reader.pos < last) list.push(scalar.read(reader));
    } else list.push(scalar.read(reader));
  }
  return message;
}

/** The bytes of a message, fields in the order of their numbers, lists of numbers packed. */
export function encodeMessage(type: MessageType, message: object, writer = protobuf.Writer.create()): protobuf.Writer {
  for (const { name, id, type: written, repeated, message: inner } of type.fields) {
    const value = (message as Plain)[name];
    if (value === undefined || value === null) continue;
    const scalar = SCALARS[written];
    const items = repeated ? (value as unknown[]) : [value];
    if (inner) {
      for (const item of items)
        encodeMessage(inner, item as object, writer.uint32(key(id, LENGTH_DELIMITED)).fork()).ldelim();
    } else if (repeated && scalar.wire !== LENGTH_DELIMITED) {
      if (items.length === 0) continue;
      writer.uint32(key(id, LENGTH_DELIMITED)).fork();
      for (const item of items) scalar.write(writer, item as never);
      writer.ldelim();
    } else for (const item of items) scalar.write(writer.uint32(key(id, scalar.wire)), item as never);
  }
  return writer;
}

function key(id: number, wire: number): number {
  return (id << 3) | wire;
}

/** The library reads int64 as an object where long.js is there, and as a number elsewhere. */
function numberOf(value: protobuf.Long): number {
  return typeof value === 'number' ? value : (value as unknown as { toNumber(): number }).toNumber();
}
