import type { Node } from '../../network/network.js';
import { sizes } from '../../network/shape.js';
import { Tensor } from '../../network/tensor.js';
import { Rational } from '../../numbers/rational.js';
import type { Operand } from '../graph-reader.js';
import { readRecurrence } from '../scan.js';
import { INT64 } from '../schema.js';
import { type Call, type Reader, range } from './call.js';

const ANY = Number.POSITIVE_INFINITY;
/** Steps of one loop. */
const MOST_STEPS = 4096;

/** If whose condition is known: the branch that is taken, in its place. */
export const conditional: Reader = {
  inputs: [1, 1],
  outputs: ANY,
  read: (call) => {
    const [yes, no] = ['then_branch', 'else_branch'].map((name) => call.attributes.required(name, 'g'));
    const results = call.graph.body(isTrue(call, call.inputs[0]) ? yes : no, [], prefixOf(call));
    checkCount(call, results.length);
    call.outputs.forEach((name, k) => {
      if (name !== '') call.graph.alias(name, results[k]);
    });
  },
};

/** Loop whose steps are known in number, or end by conditions that are known: step after step. */
export const loop: Reader = {
  inputs: [0, ANY],
  outputs: ANY,
  read: (call) => {
    const { graph } = call;
    const body = call.attributes.required('body', 'g');
    const count = call.number(0);
    let goesOn = !call.has(1) || isTrue(call, call.inputs[1]);
    let states: readonly string[] = call.inputs.slice(2);
    const scanned: (readonly string[])[] = [];
    for (let step = 0; goesOn && (!count || Rational.of(step).lt(count)); step++) {
      checkSteps(call, step);
      const prefix = `${prefixOf(call)}/${step}`;
      graph.integers(`${prefix} (step)`, [], [step]);
      graph.integerTypes.set(`${prefix} (step)`, INT64);
      const one = graph.builder.known(new Tensor([], [Rational.one]), undefined, 'structure');
      graph.result(`${prefix} (goes on)`, { node: one, batch: false, kind: 'boolean' });
      const [condition, ...results] = graph.body(body, [`${prefix} (step)`, `${prefix} (goes on)`, ...states], prefix);
      goesOn = isTrue(call, condition);
      scanned.push(results.slice(states.length));
      states = results.slice(0, states.length);
    }
    const axes = range((body.output?.length ?? 0) - 1 - states.length).map(() => 0);
    finish(
      call,
      states,
      scanned,
      axes,
      axes.map(() => false),
    );
  },
};

/** Scan: a linear recurrence as one operation, any other step after step. */
export const scan: Reader = {
  inputs: [1, ANY],
  outputs: ANY,
  read: (call) => {
    if (readRecurrence(call)) return;
    const { graph, attributes, inputs } = call;
    if (call.opset < 9) throw call.unsupported('the operator of opset 8', 'that of opset 9 and later');
    const body = attributes.required('body', 'g');
    const rows = attributes.required('num_scan_inputs', 'i');
    const count = inputs.length - rows;
    if (!(rows >= 1 && count >= 0)) throw call.unsupported(`${rows} scanned inputs of ${inputs.length}`, 'one or more');
    const outputs = (body.output?.length ?? 0) - count;
    const lists = (name: string, length: number) => {
      const values = attributes.optional(name, 'ints') ?? range(length).map(() => 0);
      if (values.length !== length) throw call.unsupported(`${values.length} ${name}`, `${length}`);
      return values;
    };
    const axes = lists('scan_input_axes', rows);
    const isReversed = lists('scan_input_directions', rows).map((direction) => direction === 1);
    const sources = range(rows).map((k) => {
      const operand = graph.operand(inputs[count + k]);
      return { operand, axis: call.axis(axes[k], operand), isReversed: isReversed[k] };
    });
    const [steps] = sources.map(({ operand, axis }) => operand.node.shape[axis].size);
    if (sources.some(({ operand, axis }) => operand.node.shape[axis].size !== steps))
      throw call.unsupported('scanned inputs of several lengths', `the length ${steps} for all`);
    let states: readonly string[] = inputs.slice(0, count);
    const scanned: (readonly string[])[] = [];
    for (let step = 0; step < steps; step++) {
      checkSteps(call, step);
      const prefix = `${prefixOf(call)}/${step}`;
      const slices = sources.map(({ operand, axis, isReversed: isBack }, k) => {
        const name = `${prefix} (row ${k})`;
        graph.result(name, { ...operand, node: rowOf(call, operand.node, axis, isBack ? steps - 1 - step : step) });
        return name;
      });
      const results = graph.body(body, [...states, ...slices], prefix);
      states = results.slice(0, count);
      scanned.push(results.slice(count));
    }
    const directions = lists('scan_output_directions', outputs).map((direction) => direction === 1);
    finish(call, states, scanned, lists('scan_output_axes', outputs), directions);
  },
};

function rowOf(call: Call, x: Node, axis: number, index: number): Node {
  const rest = sizes(x.shape).filter((_, k) => k !== axis);
  return call.reshape(call.gather(x, axis, [index]), rest);
}

/** Defines the outputs: the last states, then what every step gave, stacked along an axis. */
function finish(
  call: Call,
  states: readonly string[],
  scanned: readonly (readonly string[])[],
  axes: readonly number[],
  isReversed: readonly boolean[],
): void {
  checkCount(call, states.length + axes.length);
  call.outputs.forEach((name, k) => {
    if (name === '') return;
    if (k < states.length) {
      call.graph.alias(name, states[k]);
      return;
    }
    const place = k - states.length;
    const parts = scanned.map((results) => call.graph.operand(results[place]));
    if (parts.length === 0) throw call.unsupported('no steps', 'at least one where values are collected');
    const ordered = isReversed[place] ? parts.reverse() : parts;
    call.define(stacked(call, ordered, axes[place]), parts[0], k);
  });
}

/** Tensors of one shape beside each other along a new axis of the file's tensor. */
function stacked(call: Call, parts: readonly Operand[], onnxAxis: number): Node {
  const [{ node, batch, kind }] = parts;
  const lengths = sizes(node.shape);
  const axis = onnxAxis < 0 ? lengths.length + 1 + onnxAxis : onnxAxis - (batch ? 1 : 0);
  const isAlike = parts.every(
    (part) => part.batch === batch && part.kind === kind && sizes(part.node.shape).join() === lengths.join(),
  );
  if (!isAlike || !(axis >= 0 && axis <= lengths.length))
    throw call.unsupported(
      `values of steps along axis ${onnxAxis}`,
      'values of one shape, along an axis other than the batch axis',
    );
  const rows = parts.map((part) => call.reshape(part.node, lengths.toSpliced(axis, 0, 1)));
  return rows.length === 1 ? rows[0] : call.node('concat', { axis }, ...rows);
}

function isTrue(call: Call, name: string): boolean {
  const { value, kind } = call.graph.constant(name);
  if (kind !== 'boolean' || value.size !== 1) throw call.unsupported(`a condition of type ${kind}`, 'one truth value');
  return !value.at(0, Rational.zero).isZero();
}

function prefixOf(call: Call): string {
  return call.outputs.find((name) => name !== '') ?? '';
}

function checkCount(call: Call, count: number): void {
  if (call.outputs.length > count) throw call.unsupported(`${call.outputs.length} outputs`, `at most ${count}`);
}

function checkSteps(call: Call, step: number): void {
  if (step >= MOST_STEPS) throw call.unsupported(`more than ${MOST_STEPS} steps`, `at most ${MOST_STEPS}`);
}
