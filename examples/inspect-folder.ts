// Decides on every image of a folder and writes the heat maps of those that are not OK.
// node inspect-folder.js bundles/flow new/ maps/
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { FelfriError, Inspector } from 'felfri';

const [bundle = 'bundles/flow', folder = 'new', maps = 'maps'] = process.argv.slice(2);
const files = (await readdir(folder)).sort().map((name) => join(folder, name));
await mkdir(maps, { recursive: true });

const inspector = await Inspector.open(bundle);
try {
  for await (const result of inspector.inspectAll(files)) {
    if (result instanceof FelfriError) {
      // not inspected: this part must not pass either
      console.log(`NOT INSPECTED  ${result.code}: ${result.message}`);
      continue;
    }
    console.log(`${result.decision}  score ${result.score.toFixed(3)}  ${result.image}  ${result.reason ?? ''}`);
    if (result.decision === 'OK') continue;
    await writeFile(join(maps, `${basename(result.image)}.png`), await inspector.heatMap(result.image, result));
  }
} finally {
  await inspector.close();
}
