import { sha256 } from '../network/canonical.js';
import { summarise } from '../network/summary.js';
import { toDecimal } from '../numbers/decimal.js';
import type { ProveResult } from '../proof/prove/prove.js';
import type { Proved } from '../proof/prove/proved.js';
import { tool } from '../version.js';
import { type Circumstances, circumstancesJson } from './circumstances.js';
import { withDecimals } from './decimals.js';
import { endsText } from './ends.js';
import { showEnclosure } from './json.js';
import type { Painter } from './style.js';
import { uncheckedLine } from './terminal.js';

/** The result of `prove` as the JSON document of `verify`, without a theorem. */
export function proveJson(result: ProveResult, circumstances: Circumstances): object {
  const { digits } = circumstances;
  const [{ network }] = result.models;
  const summary = summarise(network);
  const largest = (value: typeof summary.maxAbsWeight) => toDecimal(value, digits, 'up');
  return {
    tool: tool(),
    ...circumstancesJson({ ...circumstances, models: modelsJson(result) }),
    theorem: null,
    statement: result.statements.join('; '),
    params: {},
    verdict: result.verdict,
    claims: result.claims.map((claim) => claimJson(claim, digits)),
    hypotheses: [],
    network: {
      sha256: sha256(network),
      parameters: summary.parameters,
      nonzero: summary.nonzero,
      maxAbsWeight: largest(summary.maxAbsWeight),
      depth: summary.depth,
      width: summary.width,
      layers: summary.layers.map((layer) => ({ ...layer, maxAbsWeight: largest(layer.maxAbsWeight) })),
    },
    notes: [],
    seconds: result.seconds,
  };
}

function modelsJson({ models }: ProveResult): Circumstances['models'] {
  return models.map(({ name, file, sha256: hash }) => ({ ...(name !== null && { name }), file, sha256: hash }));
}

function claimJson(claim: Proved, digits: number): object {
  return {
    id: claim.id,
    kind: 'bound',
    statement: claim.statement,
    tex: claim.tex,
    verdict: claim.verdict,
    predicted: claim.predicted && toDecimal(claim.predicted, digits, 'up'),
    enclosure: showEnclosure(claim.enclosure, digits),
    ...(claim.quantity !== null && { quantity: claim.quantity }),
    witness: claim.witness,
    steps: claim.steps.map(({ id, rule, statement, verdict, enclosure }) => ({
      ...{ id, rule, statement, verdict, enclosure: showEnclosure(enclosure, digits) },
    })),
    method: claim.method,
    source: 'proved',
    facts: claim.facts,
    ...(claim.checked !== undefined && { checked: claim.checked }),
    seconds: claim.seconds,
  };
}

const COLOUR = { proved: 'green', refuted: 'red', undecided: 'yellow' } as const;

/** The result of `prove` for people; the last line is the verdict. */
export function proveText(result: ProveResult, digits: number, paint: Painter): string {
  const lines = [
    ...result.models.map(({ name, file, network }) => {
      const { parameters, depth } = summarise(network);
      const ends = `${network.inputs.map(({ attributes }) => attributes.name).join(', ')} -> ${network.outputs.map((output) => output.name).join(', ')}`;
      return `  ${name === null ? '' : `${name}: `}${file}: ${parameters} parameters, depth ${depth}, ${ends}`;
    }),
    '',
    ...result.claims.flatMap((claim) => {
      const word = `${claim.verdict.toUpperCase()}${claim.checked === true ? ' (checked)' : ''}`;
      const verdict = paint(COLOUR[claim.verdict], word.padEnd(9));
      return [
        `  ${verdict} ${paint('bold', claim.id)}: ${claim.statement}`,
        ...(claim.enclosure
          ? [
              `            ${claim.quantity === null ? '' : `${claim.quantity} `}in ${endsText(claim.enclosure, digits)}`,
            ]
          : []),
        ...claim.facts.map((fact) => `            ${fact}`),
        ...uncheckedLine(claim).map((line) => `            ${line}`),
        ...(claim.witness ? [`            witness: ${witnessText(claim.witness)}`] : []),
        `            ${claim.method}, ${claim.seconds.toFixed(2)} s`,
      ];
    }),
    '',
    `s ${result.verdict.toUpperCase()}`,
  ];
  return `${lines.join('\n')}\n`;
}

function witnessText(witness: Readonly<Record<string, unknown>>): string {
  return Object.entries(witness)
    .map(([name, value]) => {
      const text = JSON.stringify(withDecimals(value)).replaceAll('"', '').replaceAll(',', ', ');
      return `${name} = ${text.length > 200 ? `${text.slice(0, 200)}...` : text}`;
    })
    .join(', ');
}
