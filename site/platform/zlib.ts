import { zlibSync } from 'fflate';

/** The web's side of `node:zlib`, for pictures. */
export function deflateSync(data: Uint8Array, { level = 9 } = {}): Uint8Array {
  return zlibSync(data, { level: level as 9 });
}

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let k = 0; k < 8; k++) crc = crc & 1 ? 0xedb88320 ^ (crc >>> 1) : crc >>> 1;
  return crc;
});

export function crc32(data: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of data) crc = TABLE[(crc ^ byte) & 0xff] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}
