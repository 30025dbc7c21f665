import { isPast } from '../../deadline.js';
import { compile } from '../../evaluate/evaluate.js';
import { between } from '../../network/cut.js';
import { isOp, type Network, type Node } from '../../network/network.js';
import { sizes } from '../../network/shape.js';
import { Tensor } from '../../network/tensor.js';
import { doubleIntervals as A } from '../../numbers/doubles.js';
import type { Interval } from '../../numbers/interval.js';
import { constantForm, type Form, hullOf, tableForm, ZERO } from './form.js';
import { marginOf, Program } from './margin-in-box.js';
import { boxOf, type Reading, scan } from './scan.js';
import { separable } from './separable.js';

/** What tokens do to the state that the target depends on. */
export interface Actions {
  /** The next states, by state, when token `token` has the value at place `value`; the identity for others than the automaton's. */
  readonly of: (token: number, value: number) => readonly number[];
  readonly states: number;
  /** Whether a token is one of the automaton's. */
  reads(token: number): boolean;
}

/** Values that a row of a tensor takes together with what the tokens of its window do. */
interface RowCell {
  /** What the window does to the state; null where it is not known. */
  readonly action: readonly number[] | null;
  readonly box: readonly Interval[];
  /** One of the sequences: values of the tokens of the window. */
  readonly tokens: readonly (readonly [token: number, value: number])[];
}

/** A row, and the free tokens that its cells are told apart by, as the first and the last of them; null for none. */
interface Row {
  readonly window: readonly [number, number] | null;
  readonly cells: readonly RowCell[];
}

export interface Layered {
  /** Alphabet sizes of the tokens. */
  readonly alphabets: readonly number[];
  /** The rows of the input. */
  readonly input: (token: number, value: number) => readonly Interval[];
  readonly actions: Actions;
  readonly entries: readonly number[];
  readonly output: string;
  readonly deadline?: number | undefined;
}

/** What the last layer comes to: classes of sequences with what they do, and where the differences of the outputs lie. */
export interface LastCell {
  readonly action: readonly number[] | null;
  readonly tokens: RowCell['tokens'];
  /** The tokens that the action is of: all that matter from the first to the last. */
  readonly window: Row['window'];
  margin(target: number): number;
}

/** A row whose values move a sum by at most this part of its spread is not told apart. */
const RELEVANCE = 2 ** -6;
const MOST_CELLS = 4096;
/** Boxes of one action are merged when their middles agree to this part of the largest entry. */
const GRID = 2 ** -10;

/**
 * A network of several layers of attention, layer by layer: between two layers each row takes finitely many values, each with what the
 * tokens of a window do to the state of an automaton. Of the rows that a row attends to, those that matter are split into their
 * cells, the others hulled; windows that lie side by side make one. Null where the network has no layers that rows pass through
 * one after the other.
 */
export function lastCells(network: Network, problem: Layered): readonly LastCell[] | null {
  const length = problem.alphabets.length;
  const cuts = cutsOf(network, length);
  if (!cuts) return null;
  let rows = inputRows(problem);
  let [from]: readonly Node[] = network.inputs;
  for (const cut of cuts) {
    const width = cut.shape.at(-1)!.size;
    const forms = stage(from, cut, rows);
    const before = rows;
    rows = before.map((_, t) => nextRow(forms.slice(t * width, (t + 1) * width), before, problem, t));
    if (isPast(problem.deadline)) return null;
    from = cut;
  }
  const output = network.outputs.find(({ name }) => name === problem.output)!.node;
  const all = stage(from, output, rows);
  const forms = problem.entries.map((k) => all[k]);
  const program = new Program(forms);
  const split = relevantCells(program, rows, problem, length - 1);
  if (!split) return null;
  return split.cells.map(({ box, action, tokens }) => ({
    action: split.isWhole ? action : null,
    tokens,
    window: split.window,
    margin: (target) => marginOf(program, box, target),
  }));
}

/** Tensors [length, width] that all later ones depend on alone, one before each softmax but the first. */
function cutsOf({ nodes }: Network, length: number): Node[] | null {
  const dependent = new Set<Node>();
  for (const node of nodes)
    if (isOp(node, 'input') || node.inputs.some((arg) => dependent.has(arg))) dependent.add(node);
  const last = new Map<Node, number>();
  nodes.forEach((node, k) => {
    for (const arg of node.inputs) if (dependent.has(arg)) last.set(arg, k);
  });
  const cuts: { readonly node: Node; readonly at: number }[] = [];
  let open = -1;
  nodes.forEach((node, k) => {
    const shape = sizes(node.shape);
    const isRows = shape.length === 2 && shape[0] === length;
    if (dependent.has(node) && isRows && open <= k && !isOp(node, 'input')) cuts.push({ node, at: k });
    if (dependent.has(node)) open = Math.max(open, last.get(node) ?? -1);
  });
  const mixing = nodes.flatMap((node, k) => (isOp(node, 'softmax') ? [k] : []));
  if (mixing.length < 2) return null;
  const chosen = mixing.slice(1).map((k, i) => cuts.filter(({ at }) => at < k && at > mixing[i]).at(-1));
  return chosen.every((cut) => cut !== undefined) ? [...new Set(chosen.map((cut) => cut!.node))] : chosenWhere(chosen);
}

/** Softmaxes side by side belong to one layer. */
function chosenWhere(chosen: readonly ({ readonly node: Node } | undefined)[]): Node[] | null {
  const found = [...new Set(chosen.flatMap((cut) => (cut ? [cut.node] : [])))];
  return found.length > 0 ? found : null;
}

function inputRows({ alphabets, input, actions }: Layered): Row[] {
  return alphabets.map((size, token): Row => {
    const cells = Array.from({ length: size }, (_, value) => ({
      action: actions.of(token, value),
      box: input(token, value),
      tokens: [[token, value]] as const,
    }));
    return { window: size > 1 || actions.reads(token) ? [token, token] : null, cells };
  });
}

/** The forms of a node in the cells of the rows of another. */
function stage(from: Node, to: Node, rows: readonly Row[]): readonly Form[] {
  const part = between([from], [to]);
  const width = rows[0].cells[0].box.length;
  const entries = rows.flatMap(({ cells }, t) =>
    Array.from({ length: width }, (_, k) =>
      cells.length === 1
        ? constantForm(cells[0].box[k])
        : tableForm(
            t,
            cells.map(({ box }) => box[k]),
          ),
    ),
  );
  const [input] = part.inputs;
  const outputs = compile(part, separable())({ [input.attributes.name]: new Tensor(sizes(input.shape), entries) });
  return Object.values(outputs)[0].dense(ZERO);
}

interface Split {
  readonly cells: readonly {
    readonly box: readonly Interval[];
    readonly action: readonly number[] | null;
    readonly tokens: RowCell['tokens'];
  }[];
  readonly window: Row['window'];
  /** Whether no free token of the automaton is missing between the rows that matter. */
  readonly isWhole: boolean;
}

/** All combinations of cells of the rows that matter, with the sums over rows; null where there are too many. */
function relevantCells(program: Program, rows: readonly Row[], problem: Layered, own: number): Split | null {
  const { actions } = problem;
  const relevant = new Set<number>();
  for (const tables of program.components) {
    const widths = [...tables].map(([t, table]) => [t, widthOf(table)] as const);
    const spread = widths.reduce((total, [, width]) => total + width, 0);
    for (const [t, width] of widths) if (width > RELEVANCE * spread) relevant.add(t);
  }
  const order = [...relevant].sort((a, b) => (rows[a].window?.[0] ?? -1) - (rows[b].window?.[0] ?? -1));
  const isKnown = order.every((t) => rows[t].window !== null && rows[t].cells.every(({ action }) => action !== null));
  if (!isKnown) return null;
  const known = certainBelow(rows, problem);
  const before: (readonly number[])[] = [];
  let isWhole = true;
  let [start, end] = [order.length > 0 ? rows[order[0]].window![0] : own + 1, -1];
  order.forEach((t, k) => {
    const [from, to] = rows[t].window!;
    if (k > 0 && from <= end) isWhole = false;
    const found = known(from, k === 0 ? -1 : end);
    if (k > 0 && found.rest) isWhole = false;
    if (k === 0) start = found.start;
    before.push(found.action);
    end = to;
  });
  const alone = order.length === 0 ? known(own + 1, -1) : null;
  const offset: Interval[] = [];
  const sums = program.components.map((tables, c) => {
    let rest = A.zero;
    const kept = new Map<number, readonly Interval[]>();
    for (const [t, table] of tables) {
      if (relevant.has(t)) kept.set(t, table);
      else rest = A.add(rest, hullOf(table));
    }
    offset[c] = rest;
    return kept;
  });
  const maps = new Map<string, number>();
  const actionsMet: (readonly number[])[] = [];
  const stateOf = (action: readonly number[]): number => {
    const key = action.join();
    const found = maps.get(key);
    if (found !== undefined) return found;
    maps.set(key, actionsMet.length);
    return actionsMet.push(action) - 1;
  };
  const reading: Reading = {
    length: order.length,
    start: stateOf(alone?.action ?? identityOf(actions)),
    fixed: [],
    sizeAt: (i) => rows[order[i]].cells.length,
    step: (state, i, value) => {
      const action = rows[order[i]].cells[value].action!;
      const whole = actionsMet[state].map((q) => action[before[i][q]]);
      return { state: stateOf(whole), told: [{ token: order[i], value }] };
    },
  };
  const found = scan(
    reading,
    sums,
    { relevance: 0, grid: 2 ** -12, mostCells: MOST_CELLS },
    { deadline: problem.deadline },
  );
  if ('kind' in found) return null;
  const cells = found.map((cell) => {
    const tokens: (readonly [number, number])[] = [];
    for (let at = cell.trace; at; at = at.before)
      for (const { token: t, value } of at.told) tokens.push(...rows[t].cells[value].tokens);
    return { box: boxOf(cell).map((x, c) => A.add(x, offset[c])), action: actionsMet[cell.state], tokens };
  });
  const window = order.length === 0 ? alone!.window : ([start, end] as const);
  return { cells, window, isWhole };
}

interface Certain {
  readonly action: readonly number[];
  /** The first token that the action is of. */
  readonly start: number;
  readonly window: Row['window'];
  /** Whether tokens that matter are left out. */
  readonly rest: boolean;
}

/**
 * What the tokens just below a place, and above another, do whatever they are: rows all of whose cells do the same say so, whether
 * or not the network looks at them.
 */
function certainBelow(
  rows: readonly Row[],
  { alphabets, actions }: Layered,
): (below: number, above: number) => Certain {
  const certain = rows.flatMap(({ window, cells }) => {
    const [{ action }] = cells;
    const isSame = action && cells.every((cell) => cell.action?.join() === action.join());
    return window && action && isSame ? [{ window, action }] : [];
  });
  const matters = (token: number) => alphabets[token] > 1 || actions.reads(token);
  return (below, above) => {
    let [action, start, last] = [identityOf(actions), below, -1];
    for (;;) {
      while (start - 1 > above && !matters(start - 1)) start -= 1;
      const fitting = certain.filter(({ window: [from, to] }) => to === start - 1 && from > above);
      if (fitting.length === 0) break;
      const longest = fitting.reduce((a, b) => (b.window[0] < a.window[0] ? b : a));
      if (last < 0) last = longest.window[1];
      const later = action;
      action = longest.action.map((q) => later[q]);
      [start] = longest.window;
    }
    return { action, start, window: last < 0 ? null : [start, last], rest: start - 1 > above };
  };
}

function identityOf({ states }: Actions): readonly number[] {
  return Array.from({ length: states }, (_, q) => q);
}

/** The cells of a row of the next layer; one around all, with nothing known of it, where they cannot be told apart. */
function nextRow(forms: readonly Form[], rows: readonly Row[], problem: Layered, own: number): Row {
  const program = new Program(forms);
  const evaluate = (box: readonly Interval[]): readonly Interval[] => {
    const { values, range } = program.evaluate(box);
    return values.map(range);
  };
  const split = relevantCells(program, rows, problem, own);
  if (!split?.isWhole) {
    const hull = program.components.map((tables) => [...tables.values()].map(hullOf).reduce(A.add, A.zero));
    return { window: null, cells: [{ action: null, box: evaluate(hull), tokens: [] }] };
  }
  const merged = new Map<string, RowCell>();
  for (const { box, action, tokens } of split.cells) {
    const values = evaluate(box);
    const size = values.reduce((most, { lo, hi }) => Math.max(most, Math.abs(lo), Math.abs(hi)), Number.MIN_VALUE);
    const key = `${action};${values.map(({ lo, hi }) => Math.round((lo + hi) / 2 / (GRID * size)))}`;
    const before = merged.get(key);
    merged.set(
      key,
      before ? { ...before, box: before.box.map((x, k) => A.hull(x, values[k])) } : { action, box: values, tokens },
    );
  }
  return { window: split.window, cells: [...merged.values()] };
}

function widthOf(table: readonly Interval[]): number {
  const { lo, hi } = hullOf(table);
  return hi - lo;
}
