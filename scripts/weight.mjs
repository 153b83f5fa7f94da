#!/usr/bin/env node
// Weighs what the chat page loads first, as it travels, and fails when that is more than the budget.
//
//   scripts/weight.mjs SITE        SITE is the folder that `cargo-leptos build --release --frontend-only --split` wrote
//
// Weighed are the stylesheet, the scripts, the WASM that is not split off, and the texts of the largest language; not
// the page itself, which is another for every member. What the page fetches once it lives is told beside them and has no
// budget: nobody waits for it. All in kilobytes of brotli, 1,000 bytes each.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';

// A ratchet: lower it whenever the figure falls. Paths in the code differ from folder to folder, by up to a kilobyte, and a gate
// must not fail for the name of a folder. More than 300 is more than we promise.
const BUDGET_KB = 298;

const site = process.argv[2];
if (site === undefined) {
  console.error('usage: scripts/weight.mjs SITE');
  process.exit(64);
}

const weigh = (bytes) =>
  brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 },
  }).length;

/** What the module takes from the script is there, by its short name: else no page would ever live, and only a browser tell. */
function agree() {
  const read = (kind) => readFileSync(join(pkg, parts.find(({ name }) => name.startsWith('purser.') && name.endsWith(kind)).name));
  const script = read('.js').toString();
  const taken = WebAssembly.Module.imports(new WebAssembly.Module(read('.wasm')))
    .filter(({ module }) => module.endsWith('_bg.js'))
    .map(({ name }) => name);
  const missing = taken.filter((name) => !new RegExp(`[{,]["']?${name}["']?:function`).test(script));
  if (taken.length === 0 || missing.length > 0) {
    throw new Error(`the script lacks ${missing.length} of ${taken.length} functions of the module: ${missing}`);
  }
}

/** Every text of a language, as the texts' own file holds them. */
function texts(language) {
  const leaves = (node) => (typeof node === 'string' ? [node] : Object.values(node).flatMap(leaves));
  const folder = join(import.meta.dirname, '..', 'crates', 'locales', 'text');
  return Buffer.from(JSON.stringify(leaves(JSON.parse(readFileSync(join(folder, language), 'utf8')))));
}

const pkg = join(site, 'pkg');
const first = /^(purser\.[^.]+\.(js|wasm|css)|__wasm_split\.[^.]+\.js)$/;
const parts = readdirSync(pkg)
  .filter((name) => first.test(name))
  .map((name) => ({ name, bytes: weigh(readFileSync(join(pkg, name))) }));
for (const kind of ['.js', '.wasm', '.css']) {
  if (!parts.some(({ name }) => name.endsWith(kind))) throw new Error(`${pkg} has no ${kind} file: not a site of ours`);
}
agree();
const languages = readdirSync(join(import.meta.dirname, '..', 'crates', 'locales', 'text'));
parts.push({ name: 'texts', bytes: Math.max(...languages.map((language) => weigh(texts(language)))) });

const kb = (bytes) => `${(bytes / 1_000).toFixed(1).padStart(6)} KB`;
for (const { name, bytes } of parts) console.log(`  ${kb(bytes)}  ${name}`);
const together = parts.reduce((sum, { bytes }) => sum + bytes, 0);
console.log(`  ${kb(together)}  together, of ${BUDGET_KB} KB`);
const manifest = readdirSync(pkg).find((name) => /^__wasm_split_manifest\..*json$/.test(name));
const later = JSON.parse(readFileSync(join(pkg, manifest), 'utf8')).later ?? [];
for (const file of later) {
  console.log(`  ${kb(weigh(readFileSync(join(pkg, `${file}.wasm`))))}  ${file}.wasm, once the page lives`);
}
if (together > BUDGET_KB * 1_000) {
  console.error('The chat page loads more than its budget: docs/PERFORMANCE.md says where it goes.');
  process.exit(1);
}
