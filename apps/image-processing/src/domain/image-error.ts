import { BusinessError } from '@aura/kernel';

/** Why a picture is refused. All are final: the same bytes will be refused again. */
export type ImageErrorCode =
  'IMAGE_UNKNOWN' | 'NOT_AN_IMAGE' | 'IMAGE_DAMAGED' | 'IMAGE_TOO_LARGE' | 'IMAGE_TOO_SMALL' | 'IMAGE_EMPTY';

const HELP: Readonly<Record<ImageErrorCode, string>> = {
  IMAGE_UNKNOWN: 'Upload the picture first and give the digest that the upload answers.',
  NOT_AN_IMAGE: 'Send a picture in one of the formats JPEG, PNG, WebP or AVIF.',
  IMAGE_DAMAGED: 'The file is incomplete or broken: export or upload it again.',
  IMAGE_TOO_LARGE: 'Make the picture smaller and send it again.',
  IMAGE_TOO_SMALL: 'Send a picture of at least 8 by 8 pixels.',
  IMAGE_EMPTY: 'Send a picture that shows something: every pixel of this one is transparent.',
};

/** A picture that cannot be analysed: the code says why, the help what to do. */
export class ImageError extends BusinessError {
  constructor(code: ImageErrorCode, message: string, cause?: unknown) {
    super(message, { code, help: HELP[code], cause });
  }
}
