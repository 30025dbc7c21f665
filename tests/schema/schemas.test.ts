import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { quoteExpressions } from '../../src/instance/quoting.js';
import { jsonSchema, SCHEMAS, type SchemaName } from '../../src/schema/schemas.js';

const ROOT = join(import.meta.dirname, '../..');

const shipped = (folder: string) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => ({ file: join(folder, file), text: readFileSync(join(ROOT, folder, file), 'utf8') }));

/** Of a kind by the fields that the others lack. */
const kindOf = (text: string): SchemaName =>
  /^axes:/m.test(text) ? 'sweep' : /^network:\s*$/m.test(text) ? 'theorem' : 'instance';

describe('the schemas describe the files that ship', () => {
  test.each(['proofs-check', 'examples'])('%s', (folder) => {
    for (const { file, text } of shipped(folder)) {
      if (/^expect: bad-input/m.test(text)) continue;
      const result = SCHEMAS[kindOf(text)].safeParse(parse(quoteExpressions(text), { schema: 'core' }));
      expect([file, result.error?.issues ?? []]).toEqual([file, []]);
    }
  });

  test('and refuse others', () => {
    expect(SCHEMAS.instance.safeParse({ theorem: 'a', parms: {} }).success).toBe(false);
    expect(SCHEMAS.theorem.safeParse({ theorem: 'A b', network: {} }).success).toBe(false);
    expect(SCHEMAS.sweep.safeParse({ theorem: 'a', axes: { N: { geometric: [1, 2] } } }).success).toBe(false);
  });
});

test.each(Object.keys(SCHEMAS) as SchemaName[])('the schema of %s is a JSON Schema with its fields', (kind) => {
  const schema = jsonSchema(kind) as { $schema: string; type: string; properties: object };
  expect(schema).toMatchObject({ $schema: 'https://json-schema.org/draft/2020-12/schema', type: 'object' });
  expect(Object.keys(schema.properties).length).toBeGreaterThan(3);
});
