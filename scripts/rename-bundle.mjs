// Gives the three files of the bundle that name each other one name for what they are together.
//
// cargo-leptos names a file by what it held before the names of others were written into it. A change of one page alone
// would then leave `reeve.….js` and `reeve.….wasm` with their names and with other contents, and a browser that keeps
// them would ask for areas which are gone. Everything else is named by what it holds.
import { createHash } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';

const [folder, list] = process.argv.slice(2);
const lines = readFileSync(list, 'utf8').trim().split('\n');
const digests = Object.fromEntries(lines.map((line) => line.split(': ')));
const FILES = { js: ['reeve', 'js'], wasm: ['reeve', 'wasm'], split: ['__wasm_split', 'js'] };
const nameOf = (key, digest) => `${FILES[key][0]}.${digest}.${FILES[key][1]}`;

// One character is one byte in latin1, so nothing but the names changes.
const texts = {};
for (const key of Object.keys(FILES)) texts[key] = readFileSync(`${folder}/${nameOf(key, digests[key])}`, 'latin1');
const together = createHash('sha256').update(Object.values(texts).join('')).digest('base64url').slice(0, digests.js.length);

for (const [key, text] of Object.entries(texts)) {
  let renamed = text;
  for (const other of Object.keys(FILES)) renamed = renamed.replaceAll(nameOf(other, digests[other]), nameOf(other, together));
  if (renamed.length !== text.length) throw new Error('a name of another length does not fit into WASM');
  writeFileSync(`${folder}/${nameOf(key, digests[key])}`, renamed, 'latin1');
  renameSync(`${folder}/${nameOf(key, digests[key])}`, `${folder}/${nameOf(key, together)}`);
}
writeFileSync(list, lines.map((line) => `${line.split(': ')[0]}: ${line.split(': ')[0] in FILES ? together : line.split(': ')[1]}\n`).join(''));
