import type { ImageAccepted } from '@aura/contracts';
import { Controller, Inject, Post } from '@nestjs/common';
import type { HttpDependencies } from './http-dependencies';
import { Content, type ReceivedContent } from './parsing/content';
import { invalidRequest } from './problems/known-problems';
import { HTTP_DEPENDENCIES } from './tokens';

const IMAGE_TYPES = ['image/jpeg', 'image/png', 'image/webp', 'image/avif'];

/** Takes pictures in. Whether the bytes are a picture is for image processing to say; here they are only kept. */
@Controller('api/v1/images')
export class ImagesController {
  constructor(@Inject(HTTP_DEPENDENCIES) private readonly door: HttpDependencies) {}

  /** 201 with the digest, which is what a workflow's input names. The same bytes again answer the same. */
  @Post()
  async upload(@Content(IMAGE_TYPES) { bytes, mediaType }: ReceivedContent): Promise<ImageAccepted> {
    if (bytes.length === 0) throw invalidRequest([{ path: '', message: 'the image has no bytes' }]);
    const digest = await this.door.claims.put(bytes, mediaType);
    return { digest, bytes: bytes.length, contentType: mediaType };
  }
}
