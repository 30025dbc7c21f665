import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path/posix';
import { describe, expect, it } from 'vitest';

const CONTRIBUTING = readFileSync('CONTRIBUTING.md', 'utf8');

/** What each file imports of the project: values, types and what is loaded later alike. */
function importsOf(folder: string): Map<string, string[]> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => name.replaceAll('\\', '/'));
  return new Map(
    files
      .filter((name) => /(?<!\.d)\.ts$/.test(name))
      .map((name) => {
        const file = join(folder, name);
        const found = readFileSync(file, 'utf8').matchAll(/(?:\bfrom|\bimport)[\s(]+'(\.[^']+)'/g);
        return [file, [...found].map(([, to]) => join(file, '..', to.replace(/\.js$/, '.ts')))];
      }),
  );
}

const IMPORTS = importsOf('src');

/** A folder of src, or a file beside them. */
const roomOf = (file: string) => file.split('/')[1];

const ROOMS = new Map<string, Set<string>>();
for (const [file, imported] of IMPORTS) {
  const room = ROOMS.get(roomOf(file)) ?? new Set();
  for (const to of imported) if (roomOf(to) !== roomOf(file)) room.add(roomOf(to));
  ROOMS.set(roomOf(file), room);
}

/** A way from a place back to itself; null where there is none. */
function circle<K>(graph: ReadonlyMap<K, Iterable<K>>): readonly K[] | null {
  const done = new Set<K>();
  const from = (place: K, way: readonly K[]): readonly K[] | null => {
    if (way.includes(place)) return [...way.slice(way.indexOf(place)), place];
    if (done.has(place)) return null;
    for (const next of graph.get(place) ?? []) {
      const found = from(next, [...way, place]);
      if (found) return found;
    }
    done.add(place);
    return null;
  };
  for (const place of graph.keys()) {
    const found = from(place, []);
    if (found) return found;
  }
  return null;
}

function reachableFrom(room: string, seen = new Set<string>()): Set<string> {
  for (const next of ROOMS.get(room) ?? []) {
    if (seen.has(next)) continue;
    seen.add(next);
    reachableFrom(next, seen);
  }
  return seen;
}

describe('the house', () => {
  it('has no file that imports itself by way of others', () => {
    expect(IMPORTS.get('src/proof/judge.ts')).toContain('src/proof/fact.ts');
    expect(circle(IMPORTS)).toBeNull();
    expect(circle(ROOMS)).toBeNull();
  });

  it('finds the circles that there are', () => {
    expect(
      circle(
        new Map([
          [1, [2, 3]],
          [2, []],
          [3, [4]],
          [4, [1, 2]],
        ]),
      ),
    ).toEqual([1, 3, 4, 1]);
  });

  it('has dependencies that point as CONTRIBUTING says', () => {
    const [, order] = /Dependencies point one way: ([^.]+)\./.exec(CONTRIBUTING)!;
    const levels = order.split(/\s*->\s*/).map((level) => level.split(/,\s*/));
    expect(levels.length).toBeGreaterThan(6);
    const against = levels.flatMap((level, k) =>
      level.flatMap((low) => {
        expect(ROOMS.has(low), low).toBe(true);
        const above = levels.slice(0, k).flat();
        return [...reachableFrom(low)].filter((room) => above.includes(room)).map((room) => `${low} -> ${room}`);
      }),
    );
    expect(against).toEqual([]);
  });

  it('lends constructions and theorems what it lends to users', () => {
    const others = ['constructions', 'proofs-check'].flatMap((folder) =>
      [...importsOf(folder)].flatMap(([file, imported]) =>
        imported.filter((to) => to.startsWith('src/') && to !== 'src/index.ts').map((to) => `${file} -> ${to}`),
      ),
    );
    expect(others).toEqual([]);
  });

  it('has every room on the map', () => {
    const map = CONTRIBUTING.split('## The layout')[1].split('```')[1];
    const rooms = [...map.matchAll(/\bsrc\/([\w-]+)\/ /g)].map(([, room]) => room);
    const folders = [...ROOMS.keys()].filter((room) => !room.endsWith('.ts'));
    expect(rooms.sort()).toEqual(folders.sort());
  });
});
