/**
 * The part of the ONNX file format (onnx.proto, IR version 8) that networks need. Field
 * numbers and types are those of the specification, https://github.com/onnx/onnx/blob/main/docs/IR.md; a file that
 * uses any other field is refused when it is read.
 */
const FIELDS = {
  Model: {
    irVersion: ['int64', 1],
    producerName: ['string', 2],
    producerVersion: ['string', 3],
    domain: ['string', 4],
    modelVersion: ['int64', 5],
    docString: ['string', 6],
    graph: ['Graph', 7],
    opsetImport: ['Opset[]', 8],
    metadataProps: ['Entry[]', 14],
    functions: ['Function[]', 25],
  },
  Function: {
    name: ['string', 1],
    input: ['string[]', 4],
    output: ['string[]', 5],
    attribute: ['string[]', 6],
    node: ['Operator[]', 7],
    docString: ['string', 8],
    opsetImport: ['Opset[]', 9],
    domain: ['string', 10],
    attributeProto: ['Attribute[]', 11],
    valueInfo: ['ValueInfo[]', 12],
    overload: ['string', 13],
    metadataProps: ['Entry[]', 14],
  },
  Opset: { domain: ['string', 1], version: ['int64', 2] },
  Entry: { key: ['string', 1], value: ['string', 2] },
  Graph: {
    node: ['Operator[]', 1],
    name: ['string', 2],
    initializer: ['Tensor[]', 5],
    docString: ['string', 10],
    input: ['ValueInfo[]', 11],
    output: ['ValueInfo[]', 12],
    valueInfo: ['ValueInfo[]', 13],
    metadataProps: ['Entry[]', 16],
  },
  Operator: {
    input: ['string[]', 1],
    output: ['string[]', 2],
    name: ['string', 3],
    opType: ['string', 4],
    attribute: ['Attribute[]', 5],
    docString: ['string', 6],
    domain: ['string', 7],
    overload: ['string', 8],
    metadataProps: ['Entry[]', 9],
  },
  Attribute: {
    name: ['string', 1],
    f: ['float', 2],
    i: ['int64', 3],
    s: ['bytes', 4],
    t: ['Tensor', 5],
    g: ['Graph', 6],
    floats: ['float[]', 7],
    ints: ['int64[]', 8],
    strings: ['bytes[]', 9],
    docString: ['string', 13],
    type: ['int32', 20],
    refAttrName: ['string', 21],
  },
  ValueInfo: { name: ['string', 1], type: ['Type', 2], docString: ['string', 3], metadataProps: ['Entry[]', 4] },
  Type: { tensorType: ['TensorType', 1], denotation: ['string', 6] },
  TensorType: { elemType: ['int32', 1], shape: ['TensorShape', 2] },
  TensorShape: { dim: ['Dimension[]', 1] },
  Dimension: { dimValue: ['int64', 1], dimParam: ['string', 2], denotation: ['string', 3] },
  Tensor: {
    dims: ['int64[]', 1],
    dataType: ['int32', 2],
    floatData: ['float[]', 4],
    int32Data: ['int32[]', 5],
    int64Data: ['int64[]', 7],
    name: ['string', 8],
    rawData: ['bytes', 9],
    doubleData: ['double[]', 10],
    docString: ['string', 12],
    externalData: ['Entry[]', 13],
    dataLocation: ['int32', 14],
    metadataProps: ['Entry[]', 16],
  },
} as const satisfies Record<string, Record<string, readonly [string, number]>>;

type Schema = typeof FIELDS;
type Scalar<T> = T extends 'string' ? string : T extends 'bytes' ? Uint8Array : number;
type Value<T> = T extends `${infer Item}[]` ? Value<Item>[] : T extends keyof Schema ? Message<T> : Scalar<T>;

/** A message of the schema as a plain object; int64 fields are numbers. */
export type Message<K extends keyof Schema> = { -readonly [F in keyof Schema[K]]?: FieldValue<Schema[K][F]> };
type FieldValue<Field> = Field extends readonly [infer T, number] ? Value<T> : never;

/** Attribute.type: which field holds the attribute's value. */
export const ATTRIBUTE_TYPE = { f: 1, i: 2, s: 3, t: 4, g: 5, floats: 6, ints: 7, strings: 8 } as const;
/** Tensor.dataType of 64-bit integers; those of floats stand in `ELEMENTS`. */
export const INT64 = 7;
/** Tensor.dataLocation of data in another file. */
export const EXTERNAL = 1;

/** A type of message. */
export interface MessageType {
  readonly name: keyof Schema;
  /** In the order of their numbers. */
  readonly fields: readonly Field[];
  readonly byId: ReadonlyMap<number, Field>;
}

export interface Field {
  readonly name: string;
  readonly id: number;
  readonly type: string;
  readonly repeated: boolean;
  /** The type of a field that is a message; null for a scalar. */
  readonly message: MessageType | null;
}

const types = new Map<string, MessageType>();

/** A type by its name. */
export function messageType(name: keyof Schema): MessageType {
  const known = types.get(name);
  if (known) return known;
  const byId = new Map<number, Field>();
  const fields: Field[] = [];
  const type = { name, fields, byId };
  // Graphs hold attributes that hold graphs.
  types.set(name, type);
  for (const [key, [written, id]] of Object.entries<readonly [string, number]>(FIELDS[name])) {
    const repeated = written.endsWith('[]');
    const of = repeated ? written.slice(0, -2) : written;
    fields.push({ name: key, id, type: of, repeated, message: of in FIELDS ? messageType(of as keyof Schema) : null });
  }
  fields.sort((a, b) => a.id - b.id);
  for (const field of fields) byId.set(field.id, field);
  return type;
}
