import type { ImageFormat } from '@aura/contracts';
import { AuraError } from '@aura/kernel';
import { ImageError } from '../domain/image-error';

/**
 * What a decoder's failure means: damage, which is final, or time run out, which is tried again, because a busy
 * machine is no verdict on the picture.
 */
export function decodingError(error: unknown, format: ImageFormat, seconds: number): AuraError {
  const reason = reasonOf(error);
  if (!reason.startsWith('timeout')) {
    return new ImageError('IMAGE_DAMAGED', `the ${format} picture cannot be decoded: ${reason}`, error);
  }
  return new AuraError(`decoding the ${format} picture took longer than ${seconds} s`, {
    code: 'IMAGE_DECODING_SLOW',
    help: 'It is tried again; when it keeps failing, the machine is too busy or the picture too heavy for it.',
    cause: error,
  });
}

/** The first line of what a decoder says, without its history. */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.trim().split('\n')[0] ?? message;
}
