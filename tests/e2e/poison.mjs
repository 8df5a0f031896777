// Poison for constants: the second part of the page brings constants into memory. A function that reads
// one before that would read zeros and seem to work; poison makes it fail.

// The places of a module's data in memory: [address, length].
function segments(bytes) {
  let at = 8;
  const number = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++];
      value |= (byte & 127) << shift;
      if (byte < 128) return value >>> 0;
    }
  };
  const found = [];
  while (at < bytes.length) {
    const id = bytes[at++];
    const end = number() + at;
    if (id === 11) {
      for (let left = number(); left > 0; left -= 1) {
        // Active, in the first memory, at a constant address: xtask/split writes no others.
        if (number() !== 0 || bytes[at++] !== 0x41) throw new Error('a data segment was not foreseen');
        const address = number();
        if (bytes[at++] !== 0x0b) throw new Error('a data segment was not foreseen');
        const length = number();
        found.push([address, length]);
        at += length;
      }
    }
    at = end;
  }
  return found;
}

// The data of both parts of the page at this address; null if it has one part.
export async function lateData(address) {
  const text = await (await fetch(address)).text();
  const rest = /<meta name="rest" content="([^"]+)"/.exec(text)?.[1];
  if (!rest) return null;
  const read = async (file) =>
    segments(new Uint8Array(await (await fetch(new URL(file, address))).arrayBuffer()));
  return { rest: await read(rest), first: await read(rest.replace('_rest.wasm', '_bg.wasm')) };
}

// Runs in the page before its own scripts: fills these ranges as soon as the first part has a memory.
// 0xa5 cannot start a letter in UTF-8, and four of them are an address beyond all memory.
export function poison(ranges) {
  window.poisoned = 0;
  for (const way of ['instantiate', 'instantiateStreaming']) {
    const real = WebAssembly[way];
    WebAssembly[way] = async (...all) => {
      const made = await real.apply(WebAssembly, all);
      const memory = made.instance?.exports.memory;
      if (memory && !window.poisoned) {
        const bytes = new Uint8Array(memory.buffer);
        for (const [address, length] of ranges) bytes.fill(0xa5, address, address + length);
        window.poisoned = ranges.length;
      }
      return made;
    };
  }
}
