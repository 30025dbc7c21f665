import { InputError, quote } from '../../errors.js';
import { UnsupportedOperation } from '../../evaluate/algebra.js';
import { compile } from '../../evaluate/evaluate.js';
import { exact } from '../../evaluate/exact.js';
import { expressions } from '../../evaluate/expressions.js';
import { didYouMean } from '../../nearest.js';
import type { Network, Node } from '../../network/network.js';
import { sizes } from '../../network/shape.js';
import { Tensor } from '../../network/tensor.js';
import { Rational } from '../../numbers/rational.js';
import { type Entry, functionHint, Looks, type Meanings, type Prefix, setsOf, shapeOf } from '../../statement/index.js';
import * as E from '../../symbolic/index.js';
import { Networks, type Subject } from '../subject.js';
import { axesOf, fault, namesOf, partOf, type Values } from './entries.js';
import { inputOf, type Model, outputNamed, ownName, variableName } from './model.js';
import { SIZES, sizeNamed, valueOfSize } from './size.js';
import { type Variable, variableOf } from './variable.js';

/** A certificate has no name for an entry. */
export class Unlabelled extends Error {}

/**
 * What the names of a statement mean for these models: variables, outputs and nodes as formulas that the weights
 * compute, sizes as numbers. Throws InputError for a prefix that does not fit the inputs.
 */
export class Names implements Meanings {
  readonly variables: readonly Variable[];
  /** What facts about these names are about: the network, when it goes by no name. */
  readonly about: Subject;
  private readonly known = new Map<string, Values>();
  private readonly own = new Map<Variable, Values>();
  /** Names that a reader knows, by what they look like. */
  private readonly looks: Looks;

  constructor(
    private readonly models: readonly Model[],
    readonly prefix: Prefix | null,
  ) {
    const [first] = models;
    this.about =
      models.length === 1 && first.name === null
        ? first.network
        : new Networks(new Map(models.map(({ name, network }) => [name ?? '', network])));
    this.variables = (prefix?.groups ?? []).flatMap(({ names, domain }) =>
      names.map((name) => variableOf(name, shapeOf(domain), setsOf(domain), models)),
    );
    for (const { name } of this.variables) {
      const hidden = models.find((model) => calls(model, name));
      if (hidden)
        throw new InputError({
          found: `'for all ${name}', where ${hidden.file} also calls a tensor ${quote(name)}`,
          allowed: 'names with one meaning',
          mend: 'rename the tensor',
        });
    }
    const own = models.flatMap(({ network: { inputs, outputs } }) => [
      ...outputs.map(({ name }) => name),
      ...inputs.map(({ attributes }) => attributes.name),
    ]);
    this.looks = new Looks([...this.variables.map(({ name }) => name), 'y', ...own, ...Object.values(SIZES)]);
  }

  entries(entry: Entry, indices: readonly number[]): readonly E.Expression[] {
    const { shape, data } = this.valuesOf(entry);
    return partOf(entry, shape, data, indices);
  }

  /** The same names, with entries of outputs that no input changes standing for themselves: `r[3]`, as certificates have them. */
  get labels(): Meanings {
    return {
      entries: (entry, indices) => {
        const found = entry.at === null && this.models.length === 1 ? this.locate(entry.name) : undefined;
        const output = found?.model.network.outputs.find(({ node }) => node === found.node);
        if (!output || output.node.batched || !/^[A-Za-z][A-Za-z0-9]*$/.test(output.name)) throw new Unlabelled();
        const shape = sizes(output.node.shape);
        return partOf(entry, shape, namesOf(output.name, shape).map(E.variable), indices);
      },
    };
  }

  /** The network whose size a name means, when there is one network and the name is no node's. */
  networkOfSize(name: string): Network | null {
    const isOwn = this.about instanceof Networks || this.variables.some((variable) => variable.name === name);
    return isOwn || this.locate(name) || sizeNamed(name) === undefined ? null : this.about;
  }

  /** The lengths of the axes that so many leading indices leave. */
  lengthsBelow(entry: Entry, indices: number): readonly number[] {
    const { shape } = this.valuesOf(entry);
    return axesOf(shape, indices).slice(indices);
  }

  private valuesOf(entry: Entry): Values {
    const other = this.looks.other(entry.name);
    if (other !== undefined)
      throw fault(
        entry,
        `${quote(entry.name)} beside ${quote(other)}, which looks the same`,
        'names that can be told apart',
      );
    const variable = this.variables.find(({ name }) => name === entry.name);
    if (variable) {
      if (entry.at) throw fault(entry, `${quote(entry.name)} is a variable, not a function of one`);
      const values = this.own.get(variable) ?? { shape: variable.shape, data: variable.entries.map(E.variable) };
      this.own.set(variable, values);
      return values;
    }
    const found = this.locate(entry.name);
    if (found && this.isSize(entry.name))
      throw fault(
        entry,
        `${quote(entry.name)}, a size of the network that ${found.model.file} also calls a tensor`,
        'names with one meaning',
        'rename the tensor',
      );
    if (found && isAlsoCalled(found.model, entry.name, found.node))
      throw fault(
        entry,
        `${quote(entry.name)}, the only output, where ${found.model.file} also calls a tensor so`,
        'names with one meaning',
        'use the name of the output, or rename the tensor',
      );
    if (found) return this.computed(entry, found.model, found.node);
    const size = this.sizeOf(entry.name);
    if (size) return { shape: [], data: [E.constant(size)] };
    throw this.unknown(entry);
  }

  /** The model and the node of a name: `y`, `a.y`, a node's name. */
  private locate(name: string): { model: Model; node: Node } | undefined {
    for (const model of this.models) {
      const own = ownName(model, name);
      if (own === undefined) continue;
      const output = outputNamed(model.network, own);
      const node = output?.node ?? (model.hasForeignNames ? undefined : model.network.find(own));
      if (node && (output || node.op !== 'input')) return { model, node };
    }
    return undefined;
  }

  /** Whether a name is a variable's or an output's: certificates know no others. */
  isCertifiable(name: string): boolean {
    const isOutput = this.models.some((model) => {
      const own = ownName(model, name);
      return own !== undefined && outputNamed(model.network, own) !== undefined;
    });
    return isOutput || this.variables.some((variable) => variable.name === name);
  }

  private isSize(name: string): boolean {
    return this.models.some((model) => sizeNamed(ownName(model, name)) !== undefined);
  }

  private sizeOf(name: string): Rational | undefined {
    for (const model of this.models) {
      const size = sizeNamed(ownName(model, name));
      if (size) return valueOfSize(model.network, size);
    }
    return undefined;
  }

  private computed(entry: Entry, model: Model, node: Node): Values {
    const points = this.pointsOf(entry, model);
    const key = `${this.models.indexOf(model)} ${node.name} ${points.map(({ name }) => name).join(',')}`;
    const known = this.known.get(key);
    if (known) return known;
    const part = model.network.upTo(node);
    const inputs = part.inputs.map((input) => {
      const point = points.find(({ name }) => inputOf(model.network, name) === input)!;
      return [input.attributes.name, new Tensor(sizes(input.shape), point.entries.map(E.variable))] as const;
    });
    const data =
      inputs.length === 0
        ? fixed(part)
        : compile(part, expressions)(Object.fromEntries(inputs))[node.name].dense(E.zero);
    const values = { shape: sizes(node.shape), data };
    this.known.set(key, values);
    return values;
  }

  /** The points of all inputs at which a node is taken: those named, or the unprimed ones. */
  private pointsOf(entry: Entry, { network, file }: Model): readonly Variable[] {
    const points = entry.at
      ? entry.at.map((name) => this.variables.find((variable) => variable.name === name))
      : this.variables.filter(({ name }) => !name.endsWith("'"));
    const list = this.variables.map(({ name }) => name).join(', ') || 'none';
    const missing = entry.at?.find((_, k) => !points[k]);
    if (missing !== undefined)
      throw fault(entry, `${quote(missing)} is no variable`, `the variables ${list}`, secondPoint(missing));
    const given = points as readonly Variable[];
    for (const input of network.inputs) {
      const count = given.filter(({ name }) => inputOf(network, name) === input).length;
      if (count === 1) continue;
      const name = quote(input.attributes.name);
      const found = count === 0 ? `no point for the input ${name} of ${file}` : `two points for the input ${name}`;
      throw fault(
        entry,
        found,
        'one variable for each input',
        `write 'for all ${variableName(network, input)} in ...'`,
      );
    }
    return given;
  }

  private unknown(entry: Entry): InputError {
    const names = this.models.flatMap(({ name, network }) => [
      ...network.outputs.map((output) => (name ? `${name}.${output.name}` : output.name)),
    ]);
    const variables = this.variables.map((variable) => variable.name);
    const isInput = this.models.some(({ network }) => inputOf(network, entry.name));
    const homonyms = names.filter((name) => name.endsWith(`.${entry.name}`));
    const isInner = this.models.some((model) => model.hasForeignNames && model.network.find(entry.name));
    const mend = isInner
      ? 'a given network that computes otherwise than the built one has no inner tensors of the theorem'
      : isInput
        ? `say what it ranges over: for all ${entry.name} in ...`
        : homonyms.length > 0
          ? `say which network's: ${homonyms.join(' or ')}`
          : ((entry.at && functionHint(entry.name)) ?? writtenOtherwise(entry.name, [...variables, ...names, 'y']));
    const [first] = names;
    const outputs =
      this.models.length === 1 && names.length === 1 && first !== 'y' ? `${first} (or y)` : names.join(', ');
    const known = [...variables, ...names, ...Object.values(SIZES)];
    const allowed = `variables ${variables.join(', ') || 'none'}; outputs ${outputs}; names of nodes; ${Object.values(SIZES).join(', ')}`;
    return fault(entry, `unknown name ${quote(entry.name)}`, allowed, mend ?? didYouMean(entry.name, known).mend);
  }
}

/** x1 for x[1], and e for exp(1). */
function writtenOtherwise(name: string, known: readonly string[]): string | undefined {
  if (name === 'e') return 'write exp(u) for e^u';
  const [, stem, digits] = /^(.*?)_?(\d+)$/.exec(name) ?? [];
  return stem !== undefined && known.includes(stem) ? `write ${stem}[${digits}]; entries count from 1` : undefined;
}

function secondPoint(name: string): string | undefined {
  const own = name.replace(/'+$/, '');
  return own === name ? undefined : `write for all ${own}, ${name} in ... for two points`;
}

/** The entries of the only output of a network without inputs: rational numbers, or closed formulas where they are none. */
function fixed(part: Network): readonly E.Expression[] {
  const [{ name }] = part.outputs;
  try {
    return compile(part, exact)({})[name].dense(Rational.zero).map(E.constant);
  } catch (error) {
    if (error instanceof UnsupportedOperation) return compile(part, expressions)({})[name].dense(E.zero);
    throw error;
  }
}

/** Whether another tensor than the node that is meant, by y as the only output, has the name in its file. */
function isAlsoCalled(model: Model, name: string, node: Node): boolean {
  const own = ownName(model, name)!;
  const { outputs, inputs } = model.network;
  if (outputs.some((output) => output.name === own)) return false;
  const inner = model.hasForeignNames ? undefined : model.network.find(own);
  return (inner !== undefined && inner !== node) || inputs.some(({ attributes }) => attributes.name === own);
}

/** Whether a tensor that is no input has the name. */
function calls({ name: model, network, hasForeignNames }: Model, name: string): boolean {
  if (model !== null) return false;
  const inner = hasForeignNames ? undefined : network.find(name);
  return network.outputs.some((output) => output.name === name) || (inner !== undefined && inner.op !== 'input');
}
