// Shows a part to a station, as the program of a line would, and says whether to keep the part out.
// node ask-station.js http://127.0.0.1:7350 photo.png part-1
import { readFile } from 'node:fs/promises';
import { StationClient, StationError } from 'felfri/client';

const [station = 'http://127.0.0.1:7350', photo = 'photo.png', part = 'part-1'] = process.argv.slice(2);
const token = process.env['FELFRI_TOKEN'];
// no decision in time is no decision: after two seconds the part is kept out
const client = new StationClient({ address: station, patience: 2000, ...(token === undefined ? {} : { token }) });

let keepOut = true;
try {
  const { decision, score, id } = await client.inspect(new Uint8Array(await readFile(photo)), { part });
  console.log(`${decision}  score ${score.toFixed(3)}  record ${id}`);
  keepOut = decision !== 'OK';
} catch (error) {
  if (!(error instanceof StationError)) throw error;
  console.log(`NOT INSPECTED  ${error.code}: ${error.message}`);
}
console.log(keepOut ? 'keep out' : 'let through');
