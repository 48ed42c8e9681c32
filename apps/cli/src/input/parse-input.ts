import type { JsonValue } from '@aura/client';
import { CliError } from '../cli-error';
import { readBytes } from './read-bytes';

/** The value of `--input`: JSON, or `@file` with JSON in it. */
export async function parseInput(text: string): Promise<JsonValue> {
  const fromFile = text.startsWith('@');
  const json = fromFile ? (await readBytes(text.slice(1))).toString('utf8') : text;
  try {
    return JSON.parse(json) as JsonValue;
  } catch (error) {
    const where = fromFile ? `the file ${text.slice(1)}` : 'the value of --input';
    const reason = error instanceof Error ? error.message : String(error);
    throw new CliError(
      `${where} is not JSON: ${reason}`,
      `Write --input '{"name": "value"}' or --input @file.json.`,
      2,
      { cause: error },
    );
  }
}
