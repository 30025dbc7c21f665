// Compares two results of `exhibit audit --json`, claim by claim: a verdict must stay, an enclosure of a proved claim may
// only become sharper. Enclosures of executions are measurements and are left out.
//   node scripts/compare-audits.mjs BEFORE.json AFTER.json
import { readFileSync } from 'node:fs';

const [before, after] = process.argv.slice(2).map((file) => {
  const { instances } = JSON.parse(readFileSync(file, 'utf8'));
  return new Map(
    instances.flatMap(({ file: path, verdict, result }) => {
      const name = path.replace(/^.*proofs-check\//, '');
      return [
        [name, { verdict, enclosure: null }],
        ...(result?.claims ?? [])
          .filter(({ kind }) => kind !== 'execution')
          .map((claim) => [`${name} ${claim.id}`, { verdict: claim.verdict, enclosure: claim.enclosure }]),
      ];
    }),
  );
});

let worse = 0;
for (const [key, { verdict, enclosure }] of before) {
  const found = after.get(key);
  if (!found) report(key, 'is missing');
  else if (found.verdict !== verdict) report(key, `${verdict} became ${found.verdict}`);
  else if (enclosure && !found.enclosure) report(key, 'lost its enclosure');
  else if (enclosure) {
    const [lo, hi] = enclosure.map((end, k) => difference(end, found.enclosure[k]));
    if (lo < 0 || hi > 0) report(key, `[${enclosure}] became [${found.enclosure}]`);
  }
}
console.log(`${before.size} results compared, ${worse} of them worse or different`);
process.exitCode = worse === 0 ? 0 : 1;

function report(key, text) {
  worse++;
  console.log(`${key}: ${text}`);
}

/** after - before for decimal texts, to the accuracy of doubles; ends without a bound are infinite. */
function difference(from, to) {
  if (from === to) return 0;
  return Number(to ?? Number.POSITIVE_INFINITY) - Number(from ?? Number.POSITIVE_INFINITY);
}
