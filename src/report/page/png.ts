import { crc32, deflateSync } from 'node:zlib';

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const [BITS, TRUECOLOUR] = [8, 2];

/** A picture as a PNG file in a data URI (ISO/IEC 15948): one [r, g, b] of bytes for each pixel, row by row. */
export function pngUri(width: number, height: number, pixels: readonly (readonly [number, number, number])[]): string {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([BITS, TRUECOLOUR], 8);
  const rows = Buffer.alloc(height * (1 + 3 * width));
  pixels.forEach((pixel, k) => {
    rows.set(pixel, Math.floor(k / width) * (1 + 3 * width) + 1 + 3 * (k % width));
  });
  const file = Buffer.concat([
    Buffer.from(SIGNATURE),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
  return `data:image/png;base64,${file.toString('base64')}`;
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const ends = Buffer.alloc(4);
  ends.writeUInt32BE(crc32(body));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  return Buffer.concat([length, body, ends]);
}
