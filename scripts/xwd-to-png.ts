import { crc32, deflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const COLOUR_ENTRY_BYTES = 12;

/** A picture in the X window dump format (version 7, 32 bits a pixel, as Xvfb keeps it) as PNG. */
export function xwdToPng(dump: Buffer): Buffer {
  const word = (index: number): number => dump.readUInt32BE(index * 4);
  const [width, height, rowBytes] = [word(4), word(5), word(12)];
  const pixels = dump.subarray(word(0) + word(19) * COLOUR_ENTRY_BYTES);
  const rows = Buffer.alloc(height * (1 + width * 3));
  let at = 0;
  for (let y = 0; y < height; y += 1) {
    at += 1; // filter of the row: none
    for (let x = 0; x < width; x += 1) {
      const from = y * rowBytes + x * 4;
      // Blue, green, red there; red, green, blue here.
      for (const channel of [2, 1, 0]) rows[at++] = pixels[from + channel] ?? 0;
    }
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2], 8); // bits a channel, true colour
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}
