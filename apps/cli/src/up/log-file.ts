import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** A line of a log. */
export interface LogLine {
  readonly service: string;
  readonly text: string;
  /** RFC 3339, of the line or of the last before it that had one; empty when none had. */
  readonly time: string;
}

/** Read at once, bytes. */
const PIECE = 1024 * 1024;

/** One log, read from its beginning on. */
export class LogFile {
  private offset = 0;
  private rest = Buffer.alloc(0);
  private time = '';

  constructor(
    private readonly service: string,
    private readonly file: string,
  ) {}

  /** Whole lines that have come since the last call. One that was begun anew is read from its beginning. */
  news(): readonly LogLine[] {
    const fresh = this.read();
    const text = Buffer.concat([this.rest, fresh]);
    const end = text.lastIndexOf(0x0a);
    this.rest = text.subarray(end + 1);
    if (end < 0) return [];
    return text
      .subarray(0, end)
      .toString('utf8')
      .split('\n')
      .map((line) => this.line(line));
  }

  private line(text: string): LogLine {
    this.time = /"time":"([^"]+)"/.exec(text)?.[1] ?? this.time;
    return { service: this.service, text, time: this.time };
  }

  private read(): Buffer {
    const handle = openSync(this.file, 'r');
    try {
      const { size } = fstatSync(handle);
      if (size < this.offset) this.offset = 0;
      const pieces: Buffer[] = [];
      while (this.offset < size) {
        const piece = Buffer.alloc(Math.min(PIECE, size - this.offset));
        const count = readSync(handle, piece, 0, piece.length, this.offset);
        if (count === 0) break;
        this.offset += count;
        pieces.push(piece.subarray(0, count));
      }
      return Buffer.concat(pieces);
    } finally {
      closeSync(handle);
    }
  }
}
