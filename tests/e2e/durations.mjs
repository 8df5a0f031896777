// A reporter for `node --test`: one line per test with its duration, for the list of the slowest.

import path from 'node:path';

export default async function* durations(events) {
  for await (const { type, data } of events) {
    const ended = type === 'test:pass' || type === 'test:fail';
    if (!ended || data.skip || data.details?.type === 'suite') continue;
    const file = data.file ? path.basename(data.file) : '';
    yield `${Math.round(data.details.duration_ms)}\t${file}: ${data.name}\n`;
  }
}
