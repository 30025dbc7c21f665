import { Atoms } from './atoms.js';
import { spend } from './budget.js';
import { dense, evaluate, type Tensor } from './evaluate.js';
import { Expressions } from './expressions.js';
import { brief, demand } from './failure.js';
import type { Form } from './forms.js';
import { fraction, index, list, type Network, record, sizeOf } from './network.js';
import { rowNetwork } from './row-network.js';
import { type Domain, ORIGIN, type Side } from './side.js';
import type { Names } from './term-expressions.js';

/** One network with the symbols that all steps about it share. */
export class Session {
  readonly atoms = new Atoms();
  readonly expressions = new Expressions();
  private inputs: ReadonlyMap<number, Tensor> | undefined;
  private readonly shapes: ReadonlyMap<string, readonly number[]>;
  private readonly values = new Map<number, Tensor>();
  private readonly rows = new Map<string, readonly Form[]>();
  /** What was asked for last of each node. */
  private readonly latest = new Map<number, { readonly from: string; readonly forms: readonly Form[] }>();

  constructor(readonly network: Network) {
    this.expressions.rows = this.names;
    const inputs = network.nodes.filter(({ op }) => op === 'input');
    this.shapes = new Map(inputs.map(({ name, shape }) => [name, shape]));
  }

  /** `x[3,2]` is the entry in row 3 and column 2 of the input x; an input of one entry goes by its name alone. */
  readonly names: Names = (name, indices) => {
    const shape = this.shapes.get(name);
    if (!shape) return undefined;
    const isWhole = indices.length === 0 && sizeOf(shape) === 1;
    const fits = indices.length === shape.length && indices.every((i, k) => 1 <= i && i <= shape[k]);
    demand(isWhole || fits, () => `the input ${name} of shape [${shape}] has no entry [${indices}]`);
    return this.expressions.variable(isWhole ? name : variableName(name, shape, indices));
  };

  /** The form of an input's entry by its name. */
  input(variable: string): Form {
    return this.atoms.input(variable);
  }

  /** All entries of a node as forms in the inputs. */
  value(node: number): Tensor {
    let value = this.values.get(node);
    if (!value) {
      this.inputs ??= this.inputValues();
      [value] = evaluate(this.network, this.atoms, this.inputs, [node]);
      this.values.set(node, value);
    }
    return value;
  }

  private inputValues(): Map<number, Tensor> {
    const inputs = this.network.nodes.flatMap((node, k) => (node.op === 'input' ? [[k, node] as const] : []));
    return new Map(
      inputs.map(([k, { name, shape }]) => {
        spend(8 * sizeOf(shape));
        const symbol = (at: number) => [at, this.input(variableAt(name, shape, at))] as const;
        return [k, { shape, entries: new Map(Array.from({ length: sizeOf(shape) }, (_, at) => symbol(at))) }];
      }),
    );
  }

  entries(node: number): Form[] {
    return dense(this.value(node));
  }

  /** The entries of a node as forms in the entries of others, which stand for themselves; and their symbols. */
  between(
    from: readonly number[],
    to: number,
  ): { readonly forms: readonly Form[]; symbol(node: number, at: number): Form } {
    const symbol = (node: number, at: number) => this.atoms.given(node, at);
    const known = this.latest.get(to);
    if (known?.from === from.join()) return { forms: known.forms, symbol };
    const forms = this.entriesIn(this.network, from, to);
    this.latest.set(to, { from: from.join(), forms });
    return { forms, symbol };
  }

  /** The entries of one row of `to` as forms in those of a row of `from`, and in the entries of others. */
  row(from: number, to: number, ...others: readonly number[]): readonly Form[] {
    const name = `${[from, to, ...others]}`;
    const known = this.rows.get(name);
    if (known) return known;
    const forms = this.entriesIn(rowNetwork(this.network, [from], to), [from, ...others], to);
    this.rows.set(name, forms);
    return forms;
  }

  /** The entries of row `at` of `to` as forms in those of a row of each of `from`: what constants have there is their own. Without `at` of each row. */
  rowAt(from: readonly number[], to: number, at?: number): readonly Form[] {
    return this.entriesIn(rowNetwork(this.network, from, to, at), from, to);
  }

  private entriesIn(network: Network, from: readonly number[], to: number): readonly Form[] {
    const given = from.map((node) => {
      const { shape } = network.nodes[node];
      spend(8 * sizeOf(shape));
      const entries = Array.from({ length: sizeOf(shape) }, (_, at) => [at, this.atoms.given(node, at)] as const);
      return [node, { shape, entries: new Map(entries) }] as const;
    });
    return dense(evaluate(network, this.atoms, new Map(given), [to])[0]);
  }

  node(value: unknown): number {
    return index(value, this.network.nodes.length, 'the number of a node');
  }

  /** The node of the output of that name. */
  output(name: unknown): number {
    const node = typeof name === 'string' ? this.network.outputs.get(name) : undefined;
    demand(node !== undefined, `the network has no output ${brief(name)}`);
    return node;
  }

  /** Reads `{"x": ["0", "1"]}`: an interval for every input, or null. */
  domain(value: unknown): Domain {
    const fields = record(value, 'the domain', [...this.shapes.keys()]);
    return new Map(
      [...this.shapes.keys()].map((name) => {
        if (fields[name] === null) return [name, null];
        const [lo, hi] = list(fields[name], `the domain of ${name}`).map((end) =>
          fraction(end, `the domain of ${name}`),
        );
        demand(lo !== undefined && hi !== undefined && lo.le(hi), `the domain of ${name} is no interval`);
        return [name, { lo, hi }];
      }),
    );
  }

  /** `x in [0, 1]^(3x2)`. */
  describeDomain(domain: Domain): string {
    const sides = [...domain].map(([name, side]) => {
      const power = this.shapes.get(name)!.join('x');
      return `${name} in ${side ? `[${side.lo}, ${side.hi}]` : 'R'}${power === '1' || power === '' ? '' : `^(${power})`}`;
    });
    return sides.join(', ');
  }

  /** The side of the domain that a variable ranges over. */
  sideOf(variable: string, domain: Domain): Side {
    if (variable === '') return ORIGIN;
    const side = domain.get(variable.split('[')[0]);
    demand(side !== null && side !== undefined, `${variable} is not bounded`);
    return side;
  }
}

function variableAt(name: string, shape: readonly number[], at: number): string {
  let rest = at;
  const indices = shape.map((_, k) => {
    const stride = sizeOf(shape.slice(k + 1));
    const i = Math.floor(rest / stride);
    rest %= stride;
    return i + 1;
  });
  return variableName(name, shape, indices);
}

function variableName(name: string, shape: readonly number[], indices: readonly number[]): string {
  return sizeOf(shape) === 1 ? name : `${name}[${indices}]`;
}
