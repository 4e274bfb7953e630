// What a browser loads of WASM on its first visit, at its most: the bundle and the area with the largest files, and what stands
// in the loader of all areas.
// Prints one line: bytes as they are, bytes compressed, of these the bundle's, of these the area's, the area's name.
import { readFileSync, readdirSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const folder = process.argv[2];
const names = readdirSync(folder);
const only = (pattern) => {
  const found = names.filter((name) => pattern.test(name));
  if (found.length !== 1) throw new Error(`${folder} holds ${found.length} files like ${pattern}`);
  return found[0];
};
const measured = (name) => {
  const bytes = readFileSync(`${folder}/${name}`);
  return { raw: bytes.length, packed: gzipSync(bytes, { level: 9 }).length };
};
const sum = (parts) =>
  parts.reduce((all, part) => ({ raw: all.raw + part.raw, packed: all.packed + part.packed }), { raw: 0, packed: 0 });

const bundle = measured(only(/^reeve\.[^.]+\.wasm$/));
const manifest = JSON.parse(readFileSync(`${folder}/${only(/^__wasm_split_manifest\..*json$/)}`, 'utf8'));
const loader = readFileSync(`${folder}/${only(/^__wasm_split\.[^.]+\.js$/)}`, 'utf8');
const texts = [...loader.matchAll(/inlined\("([^"]+)"\)/g)].map(([, text]) => text).join('\n');
const inlined = { raw: texts.length, packed: gzipSync(texts, { level: 9 }).length };
const areas = Object.entries(manifest)
  .map(([area, files]) => ({ area, ...sum([inlined, ...files.map((file) => measured(`${file}.wasm`))]) }))
  .sort((one, other) => other.packed - one.packed);
if (process.argv[3] === 'all') {
  for (const { area, raw, packed } of areas) console.log(area, raw, packed, manifest[area].length);
} else {
  const [largest] = areas;
  console.log(bundle.raw + largest.raw, bundle.packed + largest.packed, bundle.packed, largest.packed, largest.area);
}
