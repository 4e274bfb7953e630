// Makes the files of a built site smaller, without changing what they do.
//
// Every file says which tools made it (the custom section `producers`). In a site of two hundred small files that is up to a
// tenth of what a page loads. And the bundle is optimized until nothing changes any more, which cargo-leptos does once.
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';

const folder = process.argv[2];
const HEADER = 8; // Magic and version (WebAssembly core specification §5.5.16).
const CUSTOM = 0;
// What the compiler uses and cargo-leptos names, too.
const FEATURES = ['bulk-memory', 'nontrapping-float-to-int', 'reference-types', 'multivalue', 'mutable-globals', 'sign-ext'];

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
for (const file of files.filter((file) => /\/reeve\.[^/]+$/.test(file))) {
  execFileSync('wasm-opt', [...FEATURES.map((feature) => `--enable-${feature}`), '-Oz', '--converge', file, '-o', file], { stdio: 'inherit' });
}
for (const file of files) writeFileSync(file, withoutProducers(readFileSync(file)));
