import type { PipeTransform } from '@nestjs/common';
import { invalidRequest } from '../problems/known-problems';
import type { ReceivedContent } from './content';

/** A body as text with its media type. */
export interface ReceivedText {
  readonly text: string;
  readonly mediaType: string;
}

/** Reads a body as UTF-8; anything else is refused with 400 rather than read with holes. */
export class TextPipe implements PipeTransform<ReceivedContent, ReceivedText> {
  transform({ bytes, mediaType }: ReceivedContent): ReceivedText {
    try {
      return { mediaType, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
    } catch {
      throw invalidRequest([{ path: '', message: 'is not UTF-8 text' }]);
    }
  }
}
