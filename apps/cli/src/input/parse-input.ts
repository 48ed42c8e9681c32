import type { JsonValue } from '@aura/client';
import { CliError } from '../cli-error';
import { readBytes } from './read-bytes';

/** The value of `--input`: JSON, or `@file` with JSON in it. */
export async function parseInput(text: string): Promise<JsonValue> {
  const fromFile = text.startsWith('@');
  const json = fromFile ? textOf(text.slice(1), await readBytes(text.slice(1))) : text;
  try {
    return JSON.parse(json) as JsonValue;
  } catch (error) {
    const where = fromFile ? `the file ${text.slice(1)}` : 'the value of --input';
    const reason = error instanceof Error ? error.message : String(error);
    throw new CliError(
      `${where} is not JSON: ${printable(reason)}`,
      `Write --input '{"name": "value"}' or --input @file.json.`,
      2,
      { cause: error },
    );
  }
}

function textOf(file: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new CliError(
      `the file ${file} is not JSON: it is no text in UTF-8`,
      'A picture goes with --image; --input @file.json names a file with JSON in it.',
      2,
      { cause: error },
    );
  }
}

/** What the parser quotes may be anything, and goes to a terminal. */
function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, '\ufffd');
}
