// Decides on bytes, as a camera or a request gives them, and never lets a part pass that was not truly judged.
// node inspect-bytes.js bundles/flow part.png
import { readFile, writeFile } from 'node:fs/promises';
import { FelfriError, Inspector } from 'felfri';

const [bundle = 'bundles/flow', camera = 'part.png'] = process.argv.slice(2);

const inspector = await Inspector.open(bundle, { threads: 1 });

/** Whether the part may pass: OK alone, and only from an inspection that was made. */
async function mayPass(bytes: Uint8Array, part: string): Promise<boolean> {
  try {
    const inspection = await inspector.inspect(bytes, part);
    if (inspection.decision !== 'OK') await writeFile(`${part}.map.png`, await inspector.heatMap(bytes, inspection));
    return inspection.decision === 'OK';
  } catch (error) {
    if (!(error instanceof FelfriError)) throw error;
    console.error(`${part}: ${error.code}: ${error.message}`);
    return false;
  }
}

console.log((await mayPass(await readFile(camera), 'part-1')) ? 'pass' : 'keep out');
await inspector.close();
