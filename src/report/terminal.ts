import type { ClaimResult, Result } from '../audit/verify.js';
import { sha256 } from '../network/canonical.js';
import type { Network } from '../network/network.js';
import { sizes } from '../network/shape.js';
import { summarise } from '../network/summary.js';
import { toDecimal } from '../numbers/decimal.js';
import type { Verdict } from '../proof/verdict.js';
import { withDecimals } from './decimals.js';
import { besideText, endsText } from './ends.js';
import type { Painter } from './style.js';
import { oneLine } from './visible.js';

const COLOUR = { proved: 'green', refuted: 'red', undecided: 'yellow', observed: 'cyan' } as const satisfies Record<
  Verdict,
  string
>;
const DIGITS = 6;
/** The width of the longest verdict, `REFUTED (checked)`. */
const VERDICT_WIDTH = 17;
const INDENT = ' '.repeat(VERDICT_WIDTH + 3);

/** The result of `verify` for people; the last line is `s PROVED`, `s REFUTED` or `s UNDECIDED`. */
export function resultText(result: Result, paint: Painter): string {
  const params = Object.entries(result.params).filter(([, value]) => value !== null);
  const lines = [
    paint('bold', result.theorem.id),
    `  ${result.theorem.summary}`,
    ...(params.length > 0
      ? [`  ${params.map(([name, value]) => `${name} = ${shorten(shown(value))}`).join(', ')}`]
      : []),
    ...result.notes.map((note) => `  note: ${note}`),
    ...result.hypotheses
      .filter(({ verdict }) => verdict !== 'holds')
      .map(
        ({ statement, verdict }) =>
          `  ${paint('yellow', 'warning')}: hypothesis ${verdict === 'fails' ? 'fails' : 'not decided'}: ${statement}`,
      ),
    '',
    ...result.claims.flatMap((claim) => claimLines(claim, result.digits, paint)),
    '',
    `  ${networkText(result.network)}`,
    `  ${result.seconds.toFixed(2)} s`,
    '',
    `s ${result.verdict.toUpperCase()}`,
  ];
  return `${lines.map(oneLine).join('\n')}\n`;
}

/** The network by its hash and sizes; a network without inputs is an exact object, of which the tensors count. */
function networkText(network: Network): string {
  const hash = sha256(network).slice(0, 16);
  if (network.inputs.length === 0) {
    const tensors = network.outputs.map(({ name, node }) => `${name} [${sizes(node.shape).join(', ')}]`);
    return `object ${hash}: ${tensors.join(', ')}`;
  }
  const { parameters, nonzero, maxAbsWeight, depth, width } = summarise(network);
  return (
    `network ${hash}: ${parameters} parameters, ${nonzero} nonzero, ` +
    `largest |weight| ${toDecimal(maxAbsWeight, DIGITS, 'up')}, depth ${depth}, width ${width}`
  );
}

function claimLines(found: ClaimResult, most: number, paint: Painter): string[] {
  const word = `${found.verdict.toUpperCase()}${found.checked === true ? ' (checked)' : ''}`;
  const verdict = paint(COLOUR[found.verdict], word.padEnd(VERDICT_WIDTH));
  const hasWords = 'says' in found.claim && !found.isTightened;
  const [first, second] = hasWords
    ? [found.claim.statement, found.statement]
    : [found.statement ?? found.claim.statement];
  const numbers = [
    found.enclosure && `in ${endsText(found.enclosure, most)}`,
    found.predicted && `predicted ${besideText(found.predicted, found.enclosure, most)}`,
  ].filter(Boolean);
  const failed = found.steps.filter((step) => step.difference).map((step) => `${INDENT}${step.id}: ${step.difference}`);
  return [
    `  ${verdict} ${paint('bold', found.id)}: ${first}`,
    ...(second && second !== first ? [`${INDENT}${second}`] : []),
    ...(numbers.length > 0 ? [`${INDENT}${numbers.join(', ')}`] : []),
    ...(found.facts ?? []).map((fact) => `${INDENT}${fact}`),
    ...failed,
    ...uncheckedLine(found).map((line) => `${INDENT}${line}`),
    ...(found.verdict === 'refuted' && found.witness ? [`${INDENT}witness: ${entries(found.witness)}`] : []),
  ];
}

/** Why the checker did not verify what the prover decided, where it was asked; no line otherwise. */
export function uncheckedLine({ verdict, checked }: { verdict: string; checked?: true | string }): string[] {
  const isDecided = verdict === 'proved' || verdict === 'refuted';
  return isDecided && typeof checked === 'string' && checked !== NOT_ASKED ? [`not checked: ${checked}`] : [];
}

const NOT_ASKED = 'not asked';

function entries(witness: Readonly<Record<string, unknown>>): string {
  const show = (value: unknown) => (typeof value === 'object' ? JSON.stringify(value) : String(value));
  const shown = withDecimals(witness) as typeof witness;
  return Object.entries(shown)
    .map(([name, value]) => `${name} = ${shorten(show(value))}`)
    .join(', ');
}

/** Lists and rows as they are written in files and on the command line. */
function shown(value: unknown): string {
  return Array.isArray(value) ? `[${value.map(shown).join(', ')}]` : String(value);
}

function shorten(text: string): string {
  return text.length > 100 ? `${text.slice(0, 100)}...` : text;
}
