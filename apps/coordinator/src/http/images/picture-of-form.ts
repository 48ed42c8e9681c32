import type { MultipartFile } from '@fastify/multipart';
import { IMAGE_TYPES, imageTypeOf } from '@aura/contracts';
import type { FastifyRequest } from 'fastify';
import type { ReceivedContent } from '../parsing/content';
import { bodyTooLarge, invalidRequest, unsupportedMediaType } from '../problems/known-problems';
import { Problem } from '../problems/problem';

/** Media type of forms with files. */
export const FORM_TYPE = 'multipart/form-data';

/** What programs say of a file that they know nothing about; the bytes tell. */
const UNKNOWN_TYPE = 'application/octet-stream';

/** The one file of a form, under whatever name. `limit`: bytes of the largest picture, for the words of the refusal. */
export async function pictureOfForm(request: FastifyRequest, limit: number): Promise<ReceivedContent> {
  let picture: ReceivedContent | undefined;
  try {
    for await (const part of request.parts()) if (part.type === 'file') picture = await contentOf(part);
  } catch (error) {
    throw refusalOf(error, limit);
  }
  if (picture === undefined) throw invalidRequest([{ path: 'file', message: 'the form has no file' }]);
  return picture;
}

async function contentOf(part: MultipartFile): Promise<ReceivedContent> {
  const bytes = await part.toBuffer();
  const told = part.mimetype.toLowerCase();
  const mediaType = told === UNKNOWN_TYPE ? (imageTypeOf(bytes) ?? told) : told;
  if (!IMAGE_TYPES.includes(mediaType)) throw unsupportedMediaType(mediaType, IMAGE_TYPES);
  return { bytes, mediaType };
}

const ONE_FILE = invalidRequest.bind(undefined, [
  { path: 'file', message: 'a form brings one file, and few fields' },
]);

function refusalOf(error: unknown, limit: number): Problem {
  if (error instanceof Problem) return error;
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  if (code === 'FST_REQ_FILE_TOO_LARGE') return bodyTooLarge(limit);
  if (typeof code === 'string' && code.endsWith('_LIMIT')) return ONE_FILE();
  return new Problem(400, {
    code: 'MALFORMED_FORM',
    detail: `the form cannot be read: ${String(message)}`,
    help: 'Send multipart/form-data whole, with its boundary in the content type.',
  });
}
