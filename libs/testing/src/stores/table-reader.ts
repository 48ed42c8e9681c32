import type { JournalReader, JournalRow } from '@aura/kernel';
import type { JournalTable } from './journal-table';

/** Reads the journals of one namespace as they stand: beside all processes, so that nothing fails or takes time. */
export function tableReader(table: JournalTable): JournalReader {
  return {
    page: ({ prefix = '', limit, afterStream }) => {
      const streams: (readonly JournalRow[])[] = [];
      for (const [stream, rows] of table.streams()) {
        const isBehind = afterStream === undefined || isBefore(afterStream, stream);
        if (isBehind && stream.startsWith(prefix)) streams.push([...rows]);
      }
      streams.sort((one, other) => (isBefore(nameOf(one), nameOf(other)) ? -1 : 1));
      return Promise.resolve(streams.slice(0, limit));
    },
  };
}

function nameOf([first]: readonly JournalRow[]): string {
  return first?.stream ?? '';
}

function isBefore(one: string, other: string): boolean {
  return one < other;
}
