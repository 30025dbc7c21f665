// Writes text token by token with a model that scores tokens: the loop that `exhibit verify` proves by induction, as onnxruntime
// runs it.
//
//     echo "12 3 4 10 5 8 11" | node examples/decode.mjs adder.onnx 3
//
// It needs onnxruntime: ONNXRUNTIME_NODE_INSTALL=skip npm install onnxruntime-node
//
// Each line of stdin is a prompt, tokens between blanks; each line of stdout holds the tokens that the model writes behind it, so
// many as the number says. The model's one input holds a row of tokens (integers) or a row of unit vectors (floats), of a fixed
// length or a free one; row p of its first output scores what follows token p, from token 0 on.
import { createInterface } from 'node:readline';
import { InferenceSession, Tensor } from 'onnxruntime-node';

const [model, count] = process.argv.slice(2);
const session = await InferenceSession.create(model);
const [input] = session.inputMetadata;
const isUnits = input.type.startsWith('float');
const fixed = input.shape.slice(0, 2).map((size) => (typeof size === 'number' ? size : null));

for await (const line of createInterface({ input: process.stdin })) {
  const tokens = line.trim().split(/\s+/).map(Number);
  const from = tokens.length;
  while (tokens.length < from + Number(count)) tokens.push(await next(tokens));
  console.log(tokens.slice(from).join(' '));
}

/** The token with the largest score behind the last one; what stands behind that is 0. */
async function next(tokens) {
  const length = fixed[1] ?? tokens.length;
  const row = Array.from({ length }, (_, k) => tokens[k] ?? 0);
  const output = (await session.run({ [input.name]: isUnits ? units(row) : integers(row) }))[session.outputNames[0]];
  const width = output.dims.at(-1);
  const scores = Array.from(output.data.slice((tokens.length - 1) * width, tokens.length * width));
  return scores.indexOf(Math.max(...scores));
}

function integers(row) {
  return new Tensor('int64', BigInt64Array.from(row, BigInt), [1, row.length]);
}

function units(row) {
  const symbols = input.shape[2];
  const data = new (input.type === 'float64' ? Float64Array : Float32Array)(row.length * symbols);
  for (const [k, token] of row.entries()) data[k * symbols + token] = 1;
  return new Tensor(input.type, data, [1, row.length, symbols]);
}
