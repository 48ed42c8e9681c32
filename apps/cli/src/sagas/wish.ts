import type { AuraClient, JsonObject, JsonValue } from '@aura/client';
import { CliError } from '../cli-error';
import { exampleOf } from '../input/example-of';
import type { Picture } from '../input/picture';

/** A saga that somebody wants. */
export interface Wish {
  readonly workflow: string;
  readonly version?: string;
  /** Absent: the definition's example. */
  readonly input?: JsonValue;
  /** Uploaded and put into the input as `image`. */
  readonly picture?: Picture;
  readonly userId?: string;
}

/** The input that a wish means: the one given or the definition's example, and the picture's digest as `image`. */
export async function inputOf(client: AuraClient, wish: Wish, signal: AbortSignal): Promise<JsonValue> {
  const { input, picture, workflow, version } = wish;
  const given = input ?? exampleOf(await client.definitions({ signal }), workflow, version);
  if (picture === undefined) return given;
  if (!isObject(given)) {
    throw new CliError('--image needs an input that is an object', 'Write --input as a JSON object.');
  }
  const { digest } = await client.uploadImage(picture.bytes, picture.contentType, { signal });
  return { ...given, image: digest };
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
