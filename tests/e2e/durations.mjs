// A reporter for `node --test`: how long each test took, a line each, for the list of the slowest.

import path from 'node:path';

export default async function* durations(events) {
  for await (const { type, data } of events) {
    const ended = type === 'test:pass' || type === 'test:fail';
    if (!ended || data.skip || data.details?.type === 'suite') continue;
    const file = data.file ? path.basename(data.file) : '';
    yield `${Math.round(data.details.duration_ms)}\t${file}: ${data.name}\n`;
  }
}
