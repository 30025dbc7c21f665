import { spawnSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { INSTANCES, launch, MAIN, scratch } from './exhibit.js';

const folder = scratch();
const SMALL = join(INSTANCES, 'memorize-duplicates.yaml');
const VERIFY = `'${process.execPath}' '${MAIN}' verify '${SMALL}' --dtype float64 --quiet`;
const isLinux = process.platform === 'linux';
const shell = (line: string, shellProgram = '/bin/sh') => launch(shellProgram, ['-c', line], { cwd: folder });

describe.runIf(isLinux).concurrent('a result', () => {
  test.each([
    VERIFY,
    `${VERIFY} --json`,
    `'${process.execPath}' '${MAIN}' list`,
    `'${process.execPath}' '${MAIN}' --help`,
  ])('that a full disk does not take is no verdict: %s', async (command) => {
    const { code, stderr } = await shell(`${command} > /dev/full`);
    expect(code).toBe(4);
    expect(stderr).toMatch(/^error: the result could not be written to stdout: no space left on device\n$/);
  });

  test('that nobody reads leaves the exit code of the verdict, and nothing is said', async () => {
    const refuted = join(INSTANCES, 'memorize-seattle-tightened.yaml');
    const line = `{ '${process.execPath}' '${MAIN}' verify '${refuted}' --dtype float64 --quiet; echo "code $?" >&2; } | true`;
    expect((await shell(line)).stderr).toBe('code 1\n');
  });

  test('is not changed by a stderr that takes nothing', async () => {
    const { code, stdout } = await shell(`'${process.execPath}' '${MAIN}' build '${SMALL}' -o x.json 2> /dev/full`);
    expect([code, stdout.split('\n')[0]]).toEqual([0, 'x.json']);
  });

  test('as a page goes to a descriptor without replacing it', async () => {
    const { code, stdout } = await shell(`${VERIFY} --report /proc/self/fd/1`);
    expect([code, stdout.trimEnd().split('\n').at(-1)]).toEqual([0, 's PROVED']);
    expect(stdout).toMatch(/^<!doctype html>/);
    await shell(`${VERIFY} --report /dev/fd/3 3> third.html > first.txt`);
    expect(readFileSync(join(folder, 'third.html'), 'utf8')).toMatch(/^<!doctype html>[\s\S]*<\/html>\n$/);
    await shell(`${VERIFY} --report /proc/self/fd/1 > both.txt`);
    expect(readFileSync(join(folder, 'both.txt'), 'utf8')).toMatch(/^<!doctype html>[\s\S]*\ns PROVED\n$/);
  });

  test('as a certificate needs a plain file, and what cannot be written is said before any work', async () => {
    spawnSync('mkfifo', [join(folder, 'pipe')]);
    const certificate = await shell(`${VERIFY} --certificate pipe`);
    expect(certificate).toMatchObject({ code: 3, stdout: '' });
    expect(certificate.stderr).toMatch(/pipe, field '--certificate': no plain file; allowed: .* beside it; write both/);
    expect(statSync(join(folder, 'pipe')).isFIFO()).toBe(true);
    const report = await shell(`${VERIFY} --report nowhere/x.html`);
    expect(report).toMatchObject({ code: 3, stdout: '' });
    expect(report.stderr).toMatch(/^error: nowhere\/x\.html: cannot be written: no such file or directory\n$/);
  });
});

describe.concurrent('with --json', () => {
  test.each([
    [`verify '${SMALL}' -p T=0`, { field: 'T', found: "'0'" }],
    [`verify nowhere.yaml`, { file: 'nowhere.yaml' }],
    ['frob', { message: "unknown command 'frob'" }],
    [`verify '${SMALL}' --tolerance 1`, { message: "unknown option '--tolerance'" }],
  ])('bad input is one document too: %s', async (words, place) => {
    const { code, stdout, stderr } = await shell(`'${process.execPath}' '${MAIN}' ${words} --json`);
    expect(code).toBe(3);
    const { error } = JSON.parse(stdout);
    expect(error).toMatchObject({ kind: 'bad-input', ...place });
    expect(stderr).toBe(`error: ${error.message}\n`);
  });
});

describe.concurrent('text from outside', () => {
  const HOSTILE = 'x\u001b[2J\u001b]0;t\u0007\u009b31m\u202e\ns PROVED\n';

  test('acts on no terminal, in messages, results and JSON', async () => {
    const csv = join(folder, 'd\u001b[31m\u202e\u009bata.csv');
    writeFileSync(csv, 'a,b,y\n1,2,3\n');
    const name = JSON.stringify(csv.slice(folder.length + 1));
    writeFileSync(
      join(folder, 'hostile.yaml'),
      `theorem: single-head-memorization\nparams: {T: 2, d: 1, data: ${name}}\n`,
    );
    for (const flags of ['', '--json']) {
      const { code, stdout } = await shell(
        `'${process.execPath}' '${MAIN}' verify hostile.yaml --dtype float64 ${flags}`,
      );
      expect(code).toBe(0);
      expect(stdout).toContain('data');
      expect(stdout).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u);
    }
    for (const words of [
      ['verify', HOSTILE],
      ['verify', SMALL, '-p', HOSTILE],
      ['verify', SMALL, '--network', HOSTILE],
      [HOSTILE],
    ]) {
      const { code, stdout, stderr } = await launch(process.execPath, [MAIN, ...words], { cwd: folder });
      expect([code, stdout]).toEqual([3, '']);
      expect(stderr).toMatch(/^error: [^\n]*\n$/);
      expect(stderr).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u);
    }
  });
});
