/**
 * Slack factors by theorem and format, as a Markdown table, from what scripts/gpu-check wrote: bound over measured error,
 * the median and the largest over all instances and inputs.
 *   node scripts/slack-table.mjs RESULT.json
 */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

const { results } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const isLeftOut = ({ statement }) => statement?.startsWith('not run') ?? false;
const run = results.filter((one) => one.theorem && !isLeftOut(one));
const formats = ['float64', 'float32', 'float16'].filter((dtype) => run.some((one) => one.dtype === dtype));
const theorems = [...new Set(run.map(({ theorem }) => theorem))].sort();

console.log(`| Theorem | ${formats.join(' | ')} |`);
console.log(`| --- | ${formats.map(() => '---').join(' | ')} |`);
for (const theorem of theorems) {
  const cells = formats.map((dtype) => cell(run.filter((one) => one.theorem === theorem && one.dtype === dtype)));
  console.log(`| ${theorem} | ${cells.join(' | ')} |`);
}

for (const { instance, statement } of results.filter(isLeftOut)) console.log(`\n${basename(instance)} ${statement}.`);

/** Median and largest slack, and how many executions have none to show. */
function cell(found) {
  const slacks = found.flatMap(({ enclosure }) => {
    const [measured, bound] = (enclosure ?? []).map(Number);
    return measured > 0 && Number.isFinite(bound) && bound > 0 ? [bound / measured] : [];
  });
  const exact = found.filter(({ enclosure }) => enclosure && Number(enclosure[0]) === 0).length;
  const unbounded = found.filter(
    ({ enclosure }) => enclosure && Number(enclosure[0]) > 0 && !isBounded(enclosure),
  ).length;
  const unheld = found.filter(({ enclosure }) => !enclosure).length;
  const refuted = found.filter(({ verdict }) => verdict === 'refuted').length;
  slacks.sort((a, b) => a - b);
  const [middle, most] = [slacks[Math.floor((slacks.length - 1) / 2)], slacks.at(-1)].map(
    (slack) => slack && short(slack),
  );
  return [
    ...(slacks.length > 0 ? [middle === most ? middle : `${middle} (${most})`] : []),
    ...[
      [exact, 'exact'],
      [unbounded, 'without a bound'],
      [unheld, 'not held'],
      [refuted, 'REFUTED'],
    ].flatMap(([count, what]) => (count > 0 ? [`${count} ${what}`] : [])),
  ].join(', ');
}

function isBounded([, bound]) {
  return bound !== null && Number.isFinite(Number(bound));
}

function short(slack) {
  return slack >= 1e5
    ? slack.toExponential(0).replace('e+', 'e')
    : String(Number(slack.toPrecision(slack >= 1000 ? 2 : 3)));
}
