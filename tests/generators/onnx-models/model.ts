import type { Message } from '../../../src/onnx/schema.js';
import { serialiseModel } from '../../../src/onnx/wire.js';
import { type Draw, Drawing, FLOAT, type Operator, type Tensor } from './drawing.js';
import { along, binary, normalising, reduction, unary } from './pointwise.js';
import { linear, windows } from './products.js';
import { choosing, padding, shaping } from './shapes.js';

const joining = (d: Drawing): Operator => d.pick([binary, linear, along])(d);

const MAKERS = [binary, reduction, along, unary, shaping, choosing, linear, windows, normalising, padding, joining];

const SHAPES = [
  [3],
  [1],
  [2, 3],
  [1, 4],
  [4, 4],
  [1, 2, 3],
  [2, 3, 4],
  [1, 2, 4, 4],
  [1, 3, 2, 2],
  [2, 2, 2, 2],
  [1, 2, 5],
  [1, 1, 5, 4],
];
const OPSETS = [7, 8, 9, 10, 11, 12, 13, 14, 15, 17, 18, 19, 20, 21];

/** A model of one or two random operators, the second on what the first gives where that has the shape of x. */
export function randomModel(draw: Draw): { readonly bytes: Uint8Array; readonly what: string } {
  const shape = SHAPES[draw(SHAPES.length)];
  const opset = OPSETS[draw(OPSETS.length)];
  const drawing = new Drawing(draw, shape, opset);
  const chosen = Array.from({ length: 1 + draw(2) }, () => drawing.pick(MAKERS)(drawing));
  const initializer: Tensor[] = [];
  const node: Message<'Operator'>[] = chosen.map(
    ({ type, attributes = [], constants = [], place = 0, outputs = 1 }, k) => {
      const names = constants.map((constant, j) => {
        if (constant === '') return '';
        const name = `c${k}${j}`;
        initializer.push({ ...constant, name });
        return name;
      });
      names.splice(place, 0, k === 0 ? 'x' : 'h0');
      const last = k === chosen.length - 1;
      const output = Array.from(
        { length: outputs },
        (_, j) => `${last && j === 0 ? 'y' : `h${k}`}${j === 0 ? '' : `.${j}`}`,
      );
      return { opType: type, input: names, output, attribute: [...attributes] };
    },
  );
  const isFree = shape[0] === 1 && draw(2) === 0;
  const dim = shape.map((length, k) => (k === 0 && isFree ? { dimParam: 'N' } : { dimValue: length }));
  const input = [{ name: 'x', type: { tensorType: { elemType: FLOAT, shape: { dim } } } }];
  // Until IR version 3 initializers were inputs as well, whose values a caller may replace.
  if (draw(4) === 0)
    for (const { name, dims, dataType } of initializer)
      input.push({
        name: name!,
        type: { tensorType: { elemType: dataType!, shape: { dim: dims!.map((length) => ({ dimValue: length })) } } },
      });
  const graph = {
    name: 'g',
    node,
    input,
    output: [{ name: 'y', type: { tensorType: { elemType: FLOAT } } }],
    initializer,
  };
  const bytes = serialiseModel({ irVersion: 8, opsetImport: [{ domain: '', version: opset }], graph });
  const shown = chosen.map(({ type, attributes = [], constants = [], place = 0 }) => {
    const settings = attributes.map(
      (one) => `${one.name}=${one.ints ?? one.i ?? one.f ?? new TextDecoder().decode(one.s)}`,
    );
    const given = constants.map((one) =>
      one === '' ? '-' : `[${one.dims}]${one.int64Data ? `=${one.int64Data}` : ''}`,
    );
    return `${type}(${settings.join(' ')}; ${given.join(' ')} @${place})`;
  });
  return { bytes, what: `opset ${opset}, x [${shape}]${isFree ? ' free' : ''}: ${shown.join(' then ')}` };
}
