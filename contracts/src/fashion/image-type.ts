interface Signature {
  readonly mediaType: string;
  /** Bytes (as latin1 text) that stand at these places. */
  readonly marks: readonly (readonly [offset: number, text: string])[];
}

const SIGNATURES: readonly Signature[] = [
  { mediaType: 'image/jpeg', marks: [[0, '\xff\xd8\xff']] },
  { mediaType: 'image/png', marks: [[0, '\x89PNG\r\n\x1a\n']] },
  {
    mediaType: 'image/webp',
    marks: [
      [0, 'RIFF'],
      [8, 'WEBP'],
    ],
  },
  { mediaType: 'image/avif', marks: [[4, 'ftypavi']] },
];

/** Media types of pictures that Aura reads. */
export const IMAGE_TYPES: readonly string[] = SIGNATURES.map(({ mediaType }) => mediaType);

/** The media type of a picture by its first 16 bytes; undefined when it is none of those that Aura reads. */
export function imageTypeOf(bytes: Uint8Array): string | undefined {
  const head = String.fromCharCode(...bytes.subarray(0, 16));
  return SIGNATURES.find(({ marks }) => marks.every(([offset, text]) => head.startsWith(text, offset)))
    ?.mediaType;
}
