import { InputError, quote } from '../errors.js';
import { ATTRIBUTE_TYPE, type Message } from './schema.js';

type Attribute = Message<'Attribute'>;
type Kind = keyof typeof ATTRIBUTE_TYPE;
type Payload<K extends Kind> = NonNullable<Attribute[K]>;

const PAYLOADS = ['f', 'i', 's', 't', 'g', 'floats', 'ints', 'strings'] as const;

/** Writers of protobuf may leave out a zero. */
const IMPLIED: Attribute = { i: 0, f: 0, s: new Uint8Array(0) };

/** Attributes of an operator by name, each with the field that holds its value: `{ axis: { i: -1 } }`. */
export type AttributeValues = Readonly<Record<string, Partial<Pick<Attribute, Kind>>>>;

export function attributesOf(values: AttributeValues): Attribute[] {
  return Object.entries(values).map(([name, value]) => {
    const [kind] = Object.keys(value) as [Kind];
    return { name, type: ATTRIBUTE_TYPE[kind], ...value };
  });
}

/**
 * Reads an operator's attributes. `done` must follow the last read: it refuses the attributes that nobody asked for,
 * because they could change what the operator computes.
 */
export class AttributeReader {
  private readonly attributes = new Map<string, Attribute>();
  private readonly known: string[] = [];

  constructor(private readonly operator: Message<'Operator'>) {
    for (const attribute of operator.attribute ?? []) {
      const { name = '' } = attribute;
      if (this.attributes.has(name)) throw this.error(`attribute ${quote(name)} twice`, 'each attribute once');
      this.attributes.set(name, attribute);
    }
  }

  has(name: string): boolean {
    return this.attributes.has(name);
  }

  /** The value, or undefined when the attribute is missing. */
  optional<K extends Kind>(name: string, kind: K): Payload<K> | undefined {
    this.known.push(name);
    const attribute = this.attributes.get(name);
    if (!attribute) return undefined;
    if (attribute.refAttrName)
      throw this.error(`attribute ${quote(name)} of a function`, 'references inside functions');
    const value = (attribute[kind] ?? IMPLIED[kind]) as Payload<K> | undefined;
    const others = PAYLOADS.filter((field) => field !== kind && isSet(attribute[field]));
    if (attribute.type !== ATTRIBUTE_TYPE[kind] || value === undefined || others.length > 0) {
      throw this.error(`attribute ${quote(name)} of another type`, `a value in the field '${kind}'`);
    }
    return value;
  }

  required<K extends Kind>(name: string, kind: K): Payload<K> {
    const value = this.optional(name, kind);
    if (value === undefined) throw this.error(`no attribute ${quote(name)}`, 'only operators that state it');
    return value;
  }

  /** For attributes of which one value is supported: that value, or nothing when it is also the default. */
  only(name: string, allowed: number, byDefault: number): void {
    const value = this.optional(name, 'i') ?? byDefault;
    if (value !== allowed) throw this.error(`${name} = ${value}`, `${name} = ${allowed}`);
  }

  /** 0 or 1. Runtimes do not agree on what other numbers mean. */
  flag(name: string, byDefault = false): boolean {
    const value = this.optional(name, 'i') ?? (byDefault ? 1 : 0);
    if (value !== 0 && value !== 1) throw this.error(`${name} = ${value}`, '0 or 1');
    return value === 1;
  }

  /** One of a few words; `byDefault` when the attribute is missing. */
  word<W extends string>(name: string, words: readonly W[], byDefault: W): W {
    const bytes = this.optional(name, 's');
    if (bytes === undefined) return byDefault;
    const text = new TextDecoder().decode(bytes);
    const word = words.find((candidate) => candidate === text);
    if (!word) throw this.error(`${name} = ${quote(text)}`, words.join(', '));
    return word;
  }

  done(): void {
    const unknown = [...this.attributes.keys()].find((name) => !this.known.includes(name));
    if (unknown === undefined) return;
    throw this.error(`attribute ${quote(unknown)}`, this.known.join(', ') || 'no attributes');
  }

  private error(found: string, allowed: string): InputError {
    const { opType = '', output = [] } = this.operator;
    return new InputError({
      found: `operator ${quote(opType)} of tensor ${quote(output[0] ?? '')}: ${found}`,
      allowed,
    });
  }
}

function isSet(payload: unknown): boolean {
  return Array.isArray(payload) ? payload.length > 0 : payload !== undefined;
}
