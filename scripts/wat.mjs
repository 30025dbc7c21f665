// A plugin of the build and of the tests: `import bytes from './x.wat'` gives the assembled module in base 64.
import { readFileSync } from 'node:fs';

export function wat() {
  return {
    name: 'wat',
    async load(id) {
      if (!id.endsWith('.wat')) return null;
      const { default: start } = await import('wabt');
      const wabt = await start();
      const module = wabt.parseWat(id, readFileSync(id, 'utf8'), { simd: true });
      module.validate();
      const { buffer } = module.toBinary({});
      return { code: `export default '${Buffer.from(buffer).toString('base64')}';`, moduleType: 'js' };
    },
  };
}
