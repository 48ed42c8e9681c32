import { digest, imageAnalysed, imageAnalysis } from '@aura/contracts';
import { defineAction, type ActionContext } from '@aura/workflow';
import { z } from 'zod';
import { decodeImage } from '../decoder/decode-image';
import { analysePicture } from '../domain/analyse-picture';
import { ImageError } from '../domain/image-error';

/** Input of `analyse-image`: the digest under which the picture's bytes are kept. */
export const analyseImageInput = z.object({ image: digest });

/**
 * Decodes a picture and finds its colours. Pure: the digest names the bytes, and the bytes decide everything.
 * Refuses with `ImageError` what is no picture, unknown, damaged or over a limit.
 */
export const analyseImage = defineAction({
  name: 'analyse-image',
  description:
    'Decodes a picture (JPEG, PNG, WebP, AVIF) and finds its palette and what it looks like as a whole.',
  kind: 'pure',
  input: analyseImageInput,
  output: imageAnalysis,
  emits: imageAnalysed.type,
  run: async ({ image }, { claims }: ActionContext) => {
    const kept = await claims.get(image);
    if (kept === undefined) throw new ImageError('IMAGE_UNKNOWN', `nobody has put a picture under ${image}`);
    const { small, ...facts } = await decodeImage(kept.bytes);
    return { output: { ...facts, bytes: kept.bytes.length, ...analysePicture(small) } };
  },
});
