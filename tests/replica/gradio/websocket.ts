import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

/** One end of a socket that carries short texts: all that Gradio 3 needs of the protocol. */
export interface TextSocket {
  send: (text: string) => void;
  close: () => void;
}

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const TEXT = 0x1;
const CLOSE = 0x8;

/**
 * Accepts an upgrade. Each text that arrives is handed over; a frame is taken to be unfragmented.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6455
 */
export function acceptWebSocket(
  request: IncomingMessage,
  socket: Duplex,
  heard: (text: string, from: TextSocket) => void,
): TextSocket {
  const key = request.headers['sec-websocket-key'] ?? '';
  const accept = createHash('sha1')
    .update(key + GUID)
    .digest('base64');
  socket.write(
    [
      'HTTP/1.1 101 Switching Protocols',
      'Upgrade: websocket',
      'Connection: Upgrade',
      `Sec-WebSocket-Accept: ${accept}`,
      '\r\n',
    ].join('\r\n'),
  );
  const own: TextSocket = {
    send: (text) => void socket.write(frame(TEXT, Buffer.from(text))),
    close: () => void socket.end(frame(CLOSE, Buffer.alloc(0))),
  };
  let buffered = Buffer.alloc(0);
  socket.on('data', (part: Buffer) => {
    buffered = Buffer.concat([buffered, part]);
    for (let read = readFrame(buffered); read; read = readFrame(buffered)) {
      buffered = buffered.subarray(read.bytes);
      if (read.opcode === TEXT) heard(read.payload.toString(), own);
      if (read.opcode === CLOSE) own.close();
    }
  });
  socket.on('error', () => socket.destroy());
  return own;
}

function frame(opcode: number, payload: Buffer): Buffer {
  const { length } = payload;
  if (length < 126) return Buffer.concat([Buffer.from([0x80 | opcode, length]), payload]);
  const head = Buffer.alloc(length < 65_536 ? 4 : 10);
  head[0] = 0x80 | opcode;
  if (length < 65_536) {
    head[1] = 126;
    head.writeUInt16BE(length, 2);
  } else {
    head[1] = 127;
    head.writeBigUInt64BE(BigInt(length), 2);
  }
  return Buffer.concat([head, payload]);
}

interface Frame {
  opcode: number;
  payload: Buffer;
  bytes: number;
}

/** The first frame of a client, unmasked; null while it is not whole. */
function readFrame(buffer: Buffer): Frame | null {
  if (buffer.length < 2) return null;
  const opcode = buffer.readUInt8(0) & 0x0f;
  let length = buffer.readUInt8(1) & 0x7f;
  let at = 2;
  if (length === 126) {
    if (buffer.length < 4) return null;
    length = buffer.readUInt16BE(2);
    at = 4;
  } else if (length === 127) {
    if (buffer.length < 10) return null;
    length = Number(buffer.readBigUInt64BE(2));
    at = 10;
  }
  if (buffer.length < at + 4 + length) return null;
  const mask = buffer.subarray(at, at + 4);
  const payload = Buffer.from(buffer.subarray(at + 4, at + 4 + length));
  for (const [index, byte] of payload.entries()) payload[index] = byte ^ (mask[index % 4] ?? 0);
  return { opcode, payload, bytes: at + 4 + length };
}
