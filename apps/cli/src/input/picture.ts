import { imageTypeOf } from '@aura/client';
import { CliError } from '../cli-error';
import { ExitCode } from '../exit-code';
import { readBytes } from './read-bytes';

/** A picture's bytes and its media type, found in the bytes: names of files lie. */
export interface Picture {
  readonly bytes: Uint8Array;
  readonly contentType: string;
}

/** Reads a picture; anything but JPEG, PNG, WebP and AVIF is refused before it is sent. */
export async function readPicture(file: string): Promise<Picture> {
  const bytes = await readBytes(file);
  const contentType = imageTypeOf(bytes);
  if (contentType !== undefined) return { bytes, contentType };
  throw new CliError(
    `${file} is no picture that Aura reads`,
    'Give a JPEG, PNG, WebP or AVIF.',
    ExitCode.REFUSED,
  );
}
