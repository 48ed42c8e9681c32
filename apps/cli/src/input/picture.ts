import { CliError } from '../cli-error';
import { ExitCode } from '../exit-code';
import { readBytes } from './read-bytes';

/** A picture's bytes and its media type, found in the bytes: names of files lie. */
export interface Picture {
  readonly bytes: Uint8Array;
  readonly contentType: string;
}

interface Signature {
  readonly contentType: string;
  /** Text (latin1) that stands at these places. */
  readonly marks: readonly (readonly [offset: number, text: string])[];
}

const signatures: readonly Signature[] = [
  { contentType: 'image/jpeg', marks: [[0, '\xff\xd8\xff']] },
  { contentType: 'image/png', marks: [[0, '\x89PNG\r\n\x1a\n']] },
  {
    contentType: 'image/webp',
    marks: [
      [0, 'RIFF'],
      [8, 'WEBP'],
    ],
  },
  { contentType: 'image/avif', marks: [[4, 'ftypavi']] },
];

/** Reads a picture; anything but JPEG, PNG, WebP and AVIF is refused before it is sent. */
export async function readPicture(file: string): Promise<Picture> {
  const bytes = await readBytes(file);
  const contentType = mediaTypeOf(bytes);
  if (contentType !== undefined) return { bytes, contentType };
  throw new CliError(
    `${file} is no picture that Aura reads`,
    'Give a JPEG, PNG, WebP or AVIF.',
    ExitCode.REFUSED,
  );
}

/** The media type of a picture by its first bytes; undefined when it is none of those that Aura reads. */
export function mediaTypeOf(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.subarray(0, 16)).toString('latin1');
  return signatures.find(({ marks }) => marks.every(([offset, text]) => head.startsWith(text, offset)))
    ?.contentType;
}
