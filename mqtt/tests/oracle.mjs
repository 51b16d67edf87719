// npm's mqtt-packet as an oracle: reads {version, bytes} (bytes in hexadecimal) from each line of standard input, and
// answers with {packet, bytes}: what it parses, and what it generates from that again.
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const require = createRequire(new URL('../../e2e/package.json', import.meta.url));
const { generate, parser } = require('mqtt-packet');

/** Byte arrays become hexadecimal strings; fields that say nothing are left out. */
function plain(value) {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, field]) => field !== null && field !== undefined)
      .map(([name, field]) => [name, plain(field)]),
  );
}

function answer({ version, bytes }) {
  const reader = parser({ protocolVersion: version });
  const packets = [];
  let error = null;
  reader.on('packet', (packet) => packets.push(packet));
  reader.on('error', (reason) => (error = reason.message));
  reader.parse(Buffer.from(bytes, 'hex'));
  if (error !== null || packets.length !== 1) {
    return { error: error ?? `${packets.length} packets` };
  }
  try {
    const again = generate(packets[0], { protocolVersion: version });
    return { packet: plain(packets[0]), bytes: Buffer.from(again).toString('hex') };
  } catch (reason) {
    return { packet: plain(packets[0]), error: reason.message };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(answer(JSON.parse(line)))}\n`);
}
