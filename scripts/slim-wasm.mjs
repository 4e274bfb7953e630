// Makes the files of a built site smaller and fewer, without changing what they do.
//
// Every file says which tools made it (the custom section `producers`). In a site of two hundred small files that is up to a
// tenth of what a page loads. What is large is optimized until nothing changes any more, which cargo-leptos does once. And what
// areas share is split so finely that half of the files are smaller than the request for one: these go into the loader.
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';

const folder = process.argv[2];
const HEADER = 8; // Magic and version (WebAssembly core specification §5.5.16).
const CUSTOM = 0;
// What the compiler uses and cargo-leptos names, too.
const FEATURES = ['bulk-memory', 'nontrapping-float-to-int', 'reference-types', 'multivalue', 'mutable-globals', 'sign-ext'];

/** Files of more bytes are worth the time that takes. */
const LARGE = 20_000;

/** An unsigned LEB128 number at `at`, and where it ends. */
function number(bytes, at) {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++];
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return [value, at];
  }
}

/** The module without its sections `producers`. */
function withoutProducers(bytes) {
  const kept = [bytes.subarray(0, HEADER)];
  for (let at = HEADER; at < bytes.length; ) {
    const [size, content] = number(bytes, at + 1);
    const end = content + size;
    const [length, name] = number(bytes, content);
    const isProducers = bytes[at] === CUSTOM && bytes.toString('utf8', name, name + length) === 'producers';
    if (!isProducers) kept.push(bytes.subarray(at, end));
    at = end;
  }
  return Buffer.concat(kept);
}

const files = readdirSync(folder).filter((name) => name.endsWith('.wasm')).map((name) => `${folder}/${name}`);
for (const file of files.filter((file) => statSync(file).size > LARGE)) {
  execFileSync('wasm-opt', [...FEATURES.map((feature) => `--enable-${feature}`), '-Oz', '--converge', file, '-o', file], { stdio: 'inherit' });
}
for (const file of files) writeFileSync(file, withoutProducers(readFileSync(file)));

/** Files up to so many bytes are written into the loader. */
const TINY = 600;
const only = (pattern) => {
  const found = readdirSync(folder).filter((name) => pattern.test(name));
  if (found.length !== 1) throw new Error(`${folder} holds ${found.length} files like ${pattern}`);
  return `${folder}/${found[0]}`;
};
const [loader, manifest] = [only(/^__wasm_split\.[^.]+\.js$/), only(/^__wasm_split_manifest\..*json$/)];
const tiny = new Set();
// As the splitter writes it: the file is fetched while what it builds on is.
const fetched = /const src = fetch\(new URL\("\.\/(chunk_[^"]+)\.wasm", import\.meta\.url\)\);\s*return async \(imports\) => \(WebAssembly\.instantiateStreaming\(src, imports\)\);/g;
const written = readFileSync(loader, 'utf8').replace(fetched, (whole, name) => {
  const bytes = readFileSync(`${folder}/${name}.wasm`);
  if (bytes.length > TINY) return whole;
  tiny.add(name);
  return `return (imports) => WebAssembly.instantiate(inlined("${bytes.toString('base64')}"), imports);`;
});
if (tiny.size === 0) throw new Error(`${loader} is not written as it was: nothing of it was found`);
writeFileSync(loader, `${written}\nconst inlined = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));\n`);
const areas = Object.entries(JSON.parse(readFileSync(manifest, 'utf8')));
writeFileSync(manifest, JSON.stringify(Object.fromEntries(areas.map(([area, names]) => [area, names.filter((name) => !tiny.has(name))]))));
for (const name of tiny) rmSync(`${folder}/${name}.wasm`);
