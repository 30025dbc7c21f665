// Verifies a few instances, with checking: between them every theorem, every kind of claim and every rule of the library.
// Compares each claim with what tests/smoke.json keeps of it, verdict and whether the checker verified it, and says what differs.
//   npm run smoke              compares
//   npm run smoke -- --write   writes what is found into tests/smoke.json, to be read before it is committed
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';

const KEPT = 'tests/smoke.json';
const kept = JSON.parse(readFileSync(KEPT, 'utf8'));

const command = ['scripts/exhibit.cjs', 'audit', '--json', '--quiet', ...Object.keys(kept)];
const { stdout, stderr, error } = spawnSync(process.execPath, command, { encoding: 'utf8', maxBuffer: 1 << 30 });
if (error) throw error;
if (stdout === '') throw new Error(`the audit said nothing: ${stderr}`);
const found = Object.fromEntries(
  JSON.parse(stdout).instances.map(({ file, verdict, result, message }) => [
    relative('.', file),
    result === null ? { [verdict]: message } : standing(result.claims),
  ]),
);

if (process.argv.includes('--write')) writeFileSync(KEPT, `${JSON.stringify(found, null, 2)}\n`);
else compare();

/** The verdict of each claim that is no measurement; with what the checker was asked, where it did not verify the claim. */
function standing(claims) {
  return Object.fromEntries(
    claims
      .filter(({ kind }) => kind !== 'execution')
      .map(({ id, verdict, checked }) => [id, checked === true ? `${verdict} (checked)` : `${verdict}; ${checked}`]),
  );
}

function compare() {
  let differing = 0;
  for (const file of Object.keys(kept)) {
    for (const claim of new Set([...Object.keys(kept[file]), ...Object.keys(found[file])])) {
      const [before, now] = [kept, found].map((all) => all[file][claim] ?? 'nothing');
      if (before === now) continue;
      differing++;
      console.log(`${file}, ${claim}: ${before} became ${now}`);
    }
  }
  console.log(`${Object.keys(kept).length} instances verified, ${differing} claims not as kept in ${KEPT}`);
  process.exitCode = differing === 0 ? 0 : 1;
}
