// Prints the content security policy of the page in a folder: the strictest one under which it works.
// It has the hashes of everything inline, and of the style sheets that come with the second part
// (xtask/split/src/page.rs).

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const folder = process.argv.at(-1);
const page = readFileSync(path.join(folder, 'index.html'), 'utf8').replaceAll('\r\n', '\n');
const hashes = { script: new Set(), style: new Set() };
const add = (kind, text) =>
  hashes[kind].add(`'sha256-${createHash('sha256').update(text).digest('base64')}'`);

for (const [, kind, attributes, text] of page.matchAll(
  /<!--[\s\S]*?-->|<(script|style)\b([^>]*)>([\s\S]*?)<\/\1>/gi,
)) {
  if (kind && !/\ssrc=/.test(attributes)) add(kind.toLowerCase(), text);
}
for (const file of readdirSync(folder).filter((name) => name.endsWith('_rest.wasm'))) {
  const module = new WebAssembly.Module(readFileSync(path.join(folder, file)));
  for (const text of WebAssembly.Module.customSections(module, 'style')) add('style', Buffer.from(text));
}

console.log(
  [
    "default-src 'none'",
    `script-src 'self' 'wasm-unsafe-eval' ${[...hashes.script].join(' ')}`,
    `style-src 'self' ${[...hashes.style].join(' ')}`,
    // Pictures of a run are drawn from data: addresses (src/browser/picture.rs).
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; '),
);
