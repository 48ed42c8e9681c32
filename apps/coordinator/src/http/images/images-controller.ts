import { IMAGE_TYPES, type ImageAccepted } from '@aura/contracts';
import { Controller, Inject, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { HttpDependencies } from '../http-dependencies';
import type { HttpSettings } from '../http-settings';
import { receivedContent, type ReceivedContent } from '../parsing/content';
import { invalidRequest } from '../problems/known-problems';
import { HTTP_DEPENDENCIES, HTTP_SETTINGS } from '../tokens';
import { FORM_TYPE, pictureOfForm } from './picture-of-form';

/** Takes pictures in. Whether the bytes are a picture is for image processing to say; here they are only kept. */
@Controller('api/v1/images')
export class ImagesController {
  constructor(
    @Inject(HTTP_DEPENDENCIES) private readonly door: HttpDependencies,
    @Inject(HTTP_SETTINGS) private readonly settings: HttpSettings,
  ) {}

  /** 201 with the digest, which is what a workflow's input names. The same bytes again answer the same. */
  @Post()
  async upload(@Req() request: FastifyRequest): Promise<ImageAccepted> {
    const { bytes, mediaType } = await this.pictureOf(request);
    if (bytes.length === 0) throw invalidRequest([{ path: '', message: 'the image has no bytes' }]);
    const digest = await this.door.claims.put(bytes, mediaType);
    return { digest, bytes: bytes.length, contentType: mediaType };
  }

  private async pictureOf(request: FastifyRequest): Promise<ReceivedContent> {
    if (!request.isMultipart()) return receivedContent(request, [...IMAGE_TYPES, FORM_TYPE]);
    return pictureOfForm(request, this.settings.imageBytes);
  }
}
