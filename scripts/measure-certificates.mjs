// Certificates of all instances of the library: how many claims are checked, bytes, work and time of the check, as JSON.
//   node scripts/measure-certificates.mjs > after.json
//   node scripts/measure-certificates.mjs before.json after.json     compares two such files
//   PATTERN='^retrieval' in the environment: only instances of such names; SOURCES='deep-ssm|classical': only of such folders

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [before, after] = process.argv.slice(2);
if (after) compare(JSON.parse(readFileSync(before, 'utf8')), JSON.parse(readFileSync(after, 'utf8')));
else process.stdout.write(`${JSON.stringify(measure(), null, 1)}\n`);

function measure() {
  const folder = mkdtempSync(join(tmpdir(), 'certificates-'));
  const rows = {};
  for (const source of readdirSync('proofs-check').filter((one) => new RegExp(process.env.SOURCES ?? '').test(one))) {
    const instances = join('proofs-check', source, 'instances');
    for (const name of listed(instances).filter((one) => new RegExp(process.env.PATTERN ?? '').test(one))) {
      const file = join(folder, `${name}.json`);
      const call = [
        'verify',
        join(instances, name),
        '--certificate',
        file,
        '--no-check',
        '--dtype',
        'float64',
        '--json',
      ];
      spawnSync('node', ['scripts/exhibit.mjs', ...call], { stdio: 'ignore' });
      if (!exists(file)) continue;
      const { stdout } = spawnSync('node', ['scripts/exhibit.mjs', 'check', '--json', file], { encoding: 'utf8' });
      const found = JSON.parse(stdout);
      if (!found.claims) continue;
      rows[name.replace('.yaml', '')] = {
        bytes: statSync(file).size,
        verified: found.claims.filter(({ verdict }) => verdict === 'verified').length,
        unchecked: found.unchecked
          .filter(({ reason }) => !/measured|undecided|refuted|observed/.test(reason))
          .map(({ id }) => id),
        verdict: found.verdict,
        seconds: found.seconds,
      };
    }
  }
  rmSync(folder, { recursive: true });
  return rows;
}

function listed(folder) {
  return exists(folder) ? readdirSync(folder).filter((name) => name.endsWith('.yaml')) : [];
}

function exists(path) {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

function compare(old, fresh) {
  const [bytes, seconds, verified] = [
    [0, 0],
    [0, 0],
    [0, 0],
  ];
  console.log('| Instance | Certificate | Check | Claims checked |\n| --- | --- | --- | --- |');
  for (const [name, now] of Object.entries(fresh)) {
    const then = old[name];
    if (!then) continue;
    for (const [k, row] of [then, now].entries()) {
      bytes[k] += row.bytes;
      seconds[k] += row.seconds;
      verified[k] += row.verified;
    }
    const isSame = then.bytes === now.bytes && then.verified === now.verified;
    if (!isSame)
      console.log(
        `| \`${name}\` | ${kB(then.bytes)} -> ${kB(now.bytes)} | ${s(then.seconds)} -> ${s(now.seconds)} | ${then.verified} -> ${now.verified} |`,
      );
  }
  console.log(
    `| all | ${kB(bytes[0])} -> ${kB(bytes[1])} | ${s(seconds[0])} -> ${s(seconds[1])} | ${verified.join(' -> ')} |`,
  );
}

function kB(bytes) {
  return `${(bytes / 1000).toFixed(1)} kB`;
}

function s(seconds) {
  return `${seconds.toFixed(2)} s`;
}
