import type { AuraClient, JsonObject, JsonValue } from '@aura/client';
import { CliError } from '../cli-error';
import { exampleOf } from '../input/example-of';
import { readPicture, type Picture } from '../input/picture';
import { sampleWithDigest } from '../samples';

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
  const given =
    input === undefined ? exampleOf(await client.definitions({ signal }), workflow, version) : input;
  const wanted = picture ?? (input === undefined ? await exemplary(given) : undefined);
  if (wanted === undefined) return given;
  if (!isObject(given)) {
    throw new CliError('--image needs an input that is an object', 'Write --input as a JSON object.');
  }
  const { digest } = await client.uploadImage(wanted.bytes, wanted.contentType, { signal });
  return { ...given, image: digest };
}

/** The sample picture that an example names; whoever runs the example has not uploaded it. */
async function exemplary(example: JsonValue): Promise<Picture | undefined> {
  const file = isObject(example) ? sampleWithDigest(example['image']) : undefined;
  return file === undefined ? undefined : readPicture(file);
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
