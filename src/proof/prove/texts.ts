import { InputError, placed, quote } from '../../errors.js';
import { DTYPES } from '../../evaluate/target.js';
import { asMap, asText, checkFields, type Raw } from '../../instance/raw.js';
import { Network } from '../../network/network.js';
import { nameAsWritten, parseStatement, parseTermText } from '../../statement/index.js';
import { sequenceDomain } from '../../statement/sequences/reading.js';
import { judge } from '../judge.js';
import type { Model } from '../question/model.js';
import { type Generation, generationSentence, proveGeneration } from '../rules/sequences/generation.js';
import { type Proved, type ProveOptions, proved } from './proved.js';

/** A text that a network is to write behind prompts, as an instance states it. */
export interface StatedText extends Omit<Generation, 'output'> {
  /** The only output, where none is named. */
  readonly output: string | null;
}

const SHAPE =
  "a statement, or a map with prompts ('{0..9}^3 x {10}'), text ({1..3: 's[t]'}) and, if wished, output, first and executed";
const FIELDS = ['prompts', 'text', 'output', 'first', 'executed'];

/** Reads `{prompts: ..., text: {1..3: ..., 4: ...}}`. Throws InputError with the place. */
export function readStatedText(raw: Raw): StatedText {
  const fields = asMap(raw, SHAPE);
  checkFields(fields, FIELDS);
  const field = (name: string, allowed: string): Raw => {
    const value = fields.get(name);
    if (value) return value;
    throw new InputError({ ...raw.place, found: `no ${name}`, allowed });
  };
  const prompts = field('prompts', SHAPE);
  const text = [...asMap(field('text', SHAPE), "functions of the prompt by places, such as {1..3: 's[t]', 4: '0'}")];
  placed(prompts.place, () => promptsOf(asText(prompts, 'sets of tokens')));
  for (const [places, token] of text) {
    placed(token.place, () => {
      parseTermText(`sum_{t in ${places}}(t)`);
      parseTermText(asText(token, 'a function of the prompt, such as mod(s[t] + s[t + 4], 10)'));
    });
  }
  const first = fields.get('first');
  const number = first ? Number(asText(first, 'the token that the first score is for, a whole number')) : 0;
  if (!Number.isInteger(number) || number < 0)
    throw new InputError({
      ...first!.place,
      found: `first: ${number}`,
      allowed: 'a whole number, 0 unless said otherwise',
    });
  const output = fields.get('output');
  const format = fields.get('executed');
  const executed = format && DTYPES.find((dtype) => dtype === asText(format, DTYPES.join(', ')));
  if (format && !executed)
    throw new InputError({
      ...format.place,
      found: `executed: ${asText(format, 'a format')}`,
      allowed: DTYPES.join(', '),
    });
  return {
    variable: 's',
    prompts: asText(prompts, 'sets of tokens'),
    text: text.map(([places, token]) => ({ places, token: asText(token, 'a function of the prompt') })),
    output: output ? asText(output, 'the name of an output') : null,
    first: number,
    ...(executed && { execution: { provider: 'cpu', dtype: executed } as const }),
  };
}

function promptsOf(prompts: string): number {
  const domain = sequenceDomain(parseStatement(`for all s in ${prompts}: 0 <= 1`).prefix);
  if (domain) return domain.length;
  throw new InputError({
    found: quote(prompts),
    allowed: 'sequences over finite sets, such as {12} x {0..9}^10 x {11}',
  });
}

/** How many tokens an input needs that holds prompts and all but the last token of a text; null for no texts. */
export function lengthOf(texts: readonly StatedText[]): number | null {
  const lengths = texts.map(({ prompts, text }) => {
    const last = text.map(({ places }) => Number(/(\d+)\s*$/.exec(places)?.[1] ?? 1));
    return promptsOf(prompts) + Math.max(...last) - 1;
  });
  return lengths.length === 0 ? null : Math.max(...lengths);
}

/** What is found of a text: whether the network writes it behind all prompts. Throws InputError where it does not fit the network. */
export function textClaim(id: string, text: StatedText, models: readonly Model[]): (options: ProveOptions) => Proved {
  const [{ network }, ...others] = models;
  if (others.length > 0 || !(network instanceof Network))
    throw new InputError({ found: `${models.length} networks and a text`, allowed: 'one network' });
  const names = network.outputs.map(({ name }) => name);
  const output = text.output ?? (names.length === 1 ? names[0] : null);
  if (output === null || !names.includes(output))
    throw new InputError({ found: `output: ${output ?? 'none'}`, allowed: `one of ${names.join(', ')}` });
  if (nameAsWritten(output) !== output)
    throw new InputError({ found: `an output called ${quote(output)}`, allowed: 'a plain name', mend: 'rename it' });
  const task: Generation = { ...text, output };
  return (options) => {
    const start = performance.now();
    options.progress(`${id}: the text behind ${text.prompts}`.slice(0, 60));
    const claimed = generationSentence(task);
    const outcomes = proveGeneration(network, task, options);
    const notes = outcomes.flatMap((one) =>
      one.kind === 'open' ? [`${one.statement.slice(-80)}: ${one.difference}`] : [],
    );
    const proof = { outcomes, method: 'dynamic programming over the tokens, induction over the text', notes };
    const judgement = judge(claimed, network, outcomes);
    const lead = outcomes.find((one) => one.id === 'lead')?.enclosure ?? null;
    const enclosure = judgement.verdict === 'proved' ? lead : null;
    const shown = { id, statement: claimed.text, tex: claimed.tex, predicted: null, enclosure };
    return proved({ ...shown, quantity: 'the least lead of the right token' }, { claimed, proof, judgement }, start);
  };
}
