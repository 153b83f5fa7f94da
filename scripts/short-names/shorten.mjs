#!/usr/bin/env node
// Gives what a module takes from its script short names, in both of them.
//
//   scripts/short-names/shorten.mjs MODULE     as wasm-bindgen wrote it, its script beside it
//
// wasm-bindgen names every such function with sixteen digits of its own (`__wbg_body_5f971cbc6950ca4f`). They lie in the
// module and in the script, no two are alike, and so they travel as they are: 7 of 300 KB. Modules that take nothing
// from a script are left alone.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const IMPORTS = 2;
const FUNCTION = 0;

const path = process.argv[2];
if (path === undefined) {
  console.error('usage: scripts/short-names/shorten.mjs MODULE');
  process.exit(64);
}

/** Reads what the WebAssembly core specification (binary format) calls u32 and name. */
class Reader {
  constructor(bytes, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  number() {
    for (let value = 0, shift = 0; ; shift += 7) {
      const byte = this.bytes[this.at++];
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
  }

  name() {
    const length = this.number();
    return this.take(length).toString('utf8');
  }

  take(length) {
    const taken = this.bytes.subarray(this.at, this.at + length);
    if (taken.length !== length) throw new Error(`${path} ends too early`);
    this.at += length;
    return taken;
  }
}

function number(value) {
  const bytes = [];
  do {
    const rest = value >>> 7;
    bytes.push((value & 0x7f) | (rest ? 0x80 : 0));
    value = rest;
  } while (value);
  return Buffer.from(bytes);
}

const name = (text) => Buffer.concat([number(Buffer.byteLength(text)), Buffer.from(text)]);

/** The imports again, those of the script by short names; those are told in `shortened`, by the long ones. */
function shortenImports(section, script, shortened) {
  const reader = new Reader(section);
  const count = reader.number();
  const parts = [number(count)];
  for (let index = 0; index < count; index++) {
    const [module, long] = [reader.name(), reader.name()];
    if (reader.bytes[reader.at] !== FUNCTION) throw new Error(`${path} imports ${long}, which is no function`);
    const begin = reader.at++;
    reader.number();
    let short = long;
    if (module === script) {
      short = shortened.get(long) ?? shortened.size.toString(36);
      shortened.set(long, short);
    }
    parts.push(name(module), name(short), section.subarray(begin, reader.at));
  }
  return Buffer.concat(parts);
}

const bytes = readFileSync(path);
const script = WebAssembly.Module.imports(new WebAssembly.Module(bytes))
  .map(({ module }) => module)
  .find((module) => module.endsWith('_bg.js'));
if (script !== undefined) {
  const reader = new Reader(bytes);
  const parts = [reader.take(8)];
  const shortened = new Map();
  while (reader.at < bytes.length) {
    const [id] = reader.take(1);
    let section = reader.take(reader.number());
    if (id === IMPORTS) section = shortenImports(section, script, shortened);
    parts.push(Buffer.from([id]), number(section.length), section);
  }

  const scriptPath = join(dirname(path), script.replace(/_bg\.js$/, '.js'));
  let met = 0;
  const text = readFileSync(scriptPath, 'utf8').replace(/^( +)(\w+): function\(/gm, (whole, margin, long) => {
    const short = shortened.get(long);
    if (short === undefined) return whole;
    met++;
    return `${margin}'${short}': function(`;
  });
  // Another wasm-bindgen may write another script; half a renaming would be a page that never lives.
  if (met !== shortened.size) {
    throw new Error(`${scriptPath} has ${met} of the ${shortened.size} functions ${path} takes from it`);
  }
  writeFileSync(path, Buffer.concat(parts));
  writeFileSync(scriptPath, text);
}
