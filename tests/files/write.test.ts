import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { InputError, OutputError } from '../../src/errors.js';
import { checkWritable, isPlainTarget, utf8, writeFile } from '../../src/files/write.js';
import { scratch } from '../cli/exhibit.js';

const folder = scratch();
const at = (name: string) => join(folder, name);
const write = (name: string, text = 'new') => writeFile(at(name), utf8([text]));
/** Devices are made in the scratch folder: a mistake must not hit those of the machine. */
const canMakeDevices = spawnSync('mknod', [at('null'), 'c', '1', '3']).status === 0;

describe('a file that is written', () => {
  test('is replaced whole, keeps its mode, and leaves nothing beside it', () => {
    mkdirSync(at('plain'));
    writeFileSync(at('plain/a'), 'old');
    chmodSync(at('plain/a'), 0o640);
    write('plain/a');
    expect(readFileSync(at('plain/a'), 'utf8')).toBe('new');
    expect(statSync(at('plain/a')).mode & 0o777).toBe(0o640);
    const failing = function* () {
      yield new Uint8Array(10);
      throw new Error('no more');
    };
    expect(() => writeFile(at('plain/a'), failing())).toThrow('no more');
    expect(readFileSync(at('plain/a'), 'utf8')).toBe('new');
    expect(readdirSync(at('plain'))).toEqual(['a']);
  });

  test('is what a link leads to, there or not', () => {
    mkdirSync(at('links'));
    writeFileSync(at('target'), 'old');
    symlinkSync('../target', at('links/first'));
    symlinkSync('links/first', at('second'));
    symlinkSync('links/born', at('dangling'));
    write('second');
    write('dangling');
    expect(readFileSync(at('target'), 'utf8')).toBe('new');
    expect(readFileSync(at('links/born'), 'utf8')).toBe('new');
    for (const link of ['second', 'links/first', 'dangling']) expect(lstatSync(at(link)).isSymbolicLink()).toBe(true);
  });

  test.skipIf(!canMakeDevices)('is written through when it is a device, by a link too, and never replaced', () => {
    symlinkSync('null', at('to-null'));
    for (const name of ['null', 'to-null']) {
      write(name);
      expect(isPlainTarget(at(name))).toBe(false);
    }
    expect(statSync(at('null')).isCharacterDevice()).toBe(true);
  });

  test.skipIf(!canMakeDevices)('on a full device is an output that failed', () => {
    spawnSync('mknod', [at('full'), 'c', '1', '7']);
    expect(() => write('full')).toThrow(OutputError);
    expect(() => write('full')).toThrow(/full: cannot be written: no space left on device/);
    expect(statSync(at('full')).isCharacterDevice()).toBe(true);
  });

  test('is written through when it is a pipe', async () => {
    spawnSync('mkfifo', [at('pipe')]);
    const reader = spawn('cat', [at('pipe')]);
    const chunks: Buffer[] = [];
    reader.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    const ended = new Promise((done) => reader.on('close', done));
    write('pipe', 'x'.repeat(60_000));
    await ended;
    expect(Buffer.concat(chunks)).toHaveLength(60_000);
    expect(lstatSync(at('pipe')).isFIFO()).toBe(true);
  });

  test('is refused when it is a folder, a socket or a circle of links', async () => {
    symlinkSync('circle', at('circle'));
    const server = createServer().listen(at('socket'));
    await new Promise((done) => server.on('listening', done));
    for (const [name, found] of [
      ['.', 'a folder'],
      ['socket', 'a socket'],
      ['circle', 'a circle of symbolic links'],
      ['nowhere/file', 'no such file or directory'],
      ['a\0b', 'null bytes'],
    ]) {
      expect(() => checkWritable(at(name))).toThrow(InputError);
      expect(() => checkWritable(at(name))).toThrow(found);
      expect(() => write(name)).toThrow(InputError);
    }
    server.close();
    expect(existsSync(at('circle'))).toBe(false);
  });
});
