import { openApiDocument } from '@aura/contracts';
import { AURA_VERSION } from '@aura/nest';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';

/** Where the description is read by people. */
export const API_PAGES = 'api/docs';

/** Serves the OpenAPI document, as pages under `/api/docs` and as `/api/docs/openapi.json`. All files are our own: no network is needed. */
export function serveApiPages(app: NestFastifyApplication): void {
  // Of its own kind of object Nest asks for no more than that it is written out.
  const document = openApiDocument(AURA_VERSION) as unknown as OpenAPIObject;
  SwaggerModule.setup(API_PAGES, app, document, {
    jsonDocumentUrl: `${API_PAGES}/openapi.json`,
    yamlDocumentUrl: `${API_PAGES}/openapi.yaml`,
    customSiteTitle: 'Aura coordinator',
  });
}
