import protobuf from 'protobufjs/minimal.js';
import { brief, InputError } from '../errors.js';
import { decodeMessage, encodeMessage } from './message.js';
import { type Message, type MessageType, messageType } from './schema.js';

/**
 * How much a file may make the decoder allocate, in units of about 50 bytes: a message costs 16, any other field or
 * packed number 1. Weights in `rawData` are not copied and cost nothing.
 */
const BUDGET = 2 ** 24;
const MESSAGE_COST = 16;
/** Models nest graph, node, attribute, body graph, node, attribute, tensor, entry. */
const DEEPEST = 12;

const WIRE_TYPE: Readonly<Record<string, number>> = { int64: 0, int32: 0, double: 1, float: 5 };
const LENGTH_DELIMITED = 2;

/**
 * The model in ONNX bytes. Before anything is allocated the bytes are walked once, and files are refused that would
 * cost much more memory than their size, that are cut off, that use a field outside the schema, or that give one field
 * twice (readers of protobuf do not agree on what that means, and the file audited must be the file that runs).
 *
 * Throws InputError for all of these.
 */
export function parseModel(bytes: Uint8Array): Message<'Model'> {
  const type = messageType('Model');
  try {
    const reader = protobuf.Reader.create(bytes);
    walk(type, reader, bytes.length, { left: BUDGET, depth: 0 });
    return decodeMessage(type, protobuf.Reader.create(bytes), bytes.length) as Message<'Model'>;
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw notOnnx(`bytes that do not parse (${brief((error as Error).message)})`);
  }
}

/** The bytes of a model. */
export function serialiseModel(model: Message<'Model'>): Uint8Array {
  return encodeMessage(messageType('Model'), model).finish();
}

function walk(type: MessageType, reader: protobuf.Reader, end: number, budget: { left: number; depth: number }) {
  if (++budget.depth > DEEPEST) throw notOnnx('messages nested too deeply');
  const seen = new Set<number>();
  while (reader.pos < end) {
    const tag = reader.uint32();
    const [id, wire] = [tag >>> 3, tag & 7];
    const field = type.byId.get(id);
    if (!field) throw notOnnx(`field ${id} of a ${type.name}, which this reader does not know`);
    if (!field.repeated && seen.has(id)) throw notOnnx(`field '${field.name}' of a ${type.name} twice`);
    seen.add(id);
    const scalar = WIRE_TYPE[field.type];
    const packed = scalar !== undefined && field.repeated && wire === LENGTH_DELIMITED;
    if (!packed && wire !== (scalar ?? LENGTH_DELIMITED)) {
      throw notOnnx(`field '${field.name}' of a ${type.name} in the wrong wire type`);
    }
    const length = wire === LENGTH_DELIMITED ? reader.uint32() : 0;
    if (reader.pos + length > end) throw notOnnx(`field '${field.name}' of a ${type.name} that runs past its end`);
    const inner = field.message;
    budget.left -= inner ? MESSAGE_COST : 1 + (packed ? length / smallest(field.type) : 0);
    if (budget.left < 0) throw notOnnx('more fields than a network has');
    if (inner) walk(inner, reader, reader.pos + length, budget);
    else if (wire === LENGTH_DELIMITED) reader.pos += length;
    else reader.skipType(wire);
  }
  if (reader.pos !== end) throw notOnnx(`a ${type.name} that runs past its end`);
  budget.depth -= 1;
}

/** Bytes that one packed number takes at least. */
function smallest(type: string): number {
  return type === 'double' ? 8 : type === 'float' ? 4 : 1;
}

function notOnnx(found: string): InputError {
  return new InputError({
    found: `not an ONNX model that can be read: ${found}`,
    allowed: `a whole ONNX file such as 'exhibit build' writes`,
  });
}
