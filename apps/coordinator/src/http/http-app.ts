import multipart, { type FastifyMultipartBaseOptions } from '@fastify/multipart';
import type { DynamicModule, LoggerService, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { serveApiPages } from './api-pages';
import { closeInTime } from './closing';
import { httpSettings, type HttpSettings } from './http-settings';
import { guardOrigins } from './origins/guard-origins';
import { routeNotFound } from './problems/known-problems';
import { refuseConnection } from './problems/refuse-connection';
import { ProblemFilter, sendProblem } from './problems/problem-filter';
import type { RouteTable } from './route-table';
import { traceRequests } from './tracing/trace-requests';

/** What a served module needs beside itself. */
export interface HttpAppOptions {
  readonly settings?: Partial<HttpSettings>;
  /** Gets one line for every error that nobody expected. */
  readonly log: (line: string) => void;
  /** Gets the table of the server's routes, which is filled when the application begins to listen. */
  readonly onRoutes?: (routes: RouteTable) => void;
  /** Nest's own words; default: silent. */
  readonly logger?: LoggerService | false;
}

/** Ids have no fixed shape: one that is longer than any of ours is simply not held. */
const MAX_PARAM_LENGTH = 4096;

/** A Nest application on fastify around a module that holds `httpModule`, with bodies and errors as the README says. */
export async function createHttpApp(
  root: DynamicModule | Type,
  options: HttpAppOptions,
): Promise<NestFastifyApplication> {
  const settings = httpSettings.parse(options.settings ?? {});
  const adapter = new FastifyAdapter({
    bodyLimit: settings.bodyBytes,
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    frameworkErrors: refuseUnreadablePath,
    clientErrorHandler: refuseConnection,
    skipMiddie: true,
  });
  const routes = collectRoutes(adapter);
  const fastify = adapter.getInstance();
  fastify.removeAllContentTypeParsers();
  traceRequests(fastify);
  guardOrigins(fastify, settings.origins);
  const beforeClose = (listener: () => void): void =>
    void fastify.addHook('preClose', (done) => {
      listener();
      done();
    });
  closeInTime({ server: fastify.server, beforeClose }, settings.closeGraceMs);
  const app = await NestFactory.create<NestFastifyApplication>(root, adapter, {
    bodyParser: false,
    logger: options.logger ?? false,
    abortOnError: false,
  });
  // Bodies stay bytes until the road knows its media types; only the limit depends on the type.
  app.useBodyParser(/^(application|text)\//, { bodyLimit: settings.bodyBytes });
  app.useBodyParser(/^image\//, { bodyLimit: settings.imageBytes });
  await app.register(multipart, { limits: formLimits(settings), throwFileSizeLimit: true });
  serveApiPages(app);
  options.onRoutes?.(routes);
  app.useGlobalFilters(new ProblemFilter(routes, settings, options.log));
  return app;
}

/** A path that no router can read names nothing that is held. */
function refuseUnreadablePath(_error: Error, request: FastifyRequest, reply: FastifyReply): void {
  sendProblem(reply, routeNotFound(request.raw.url ?? ''));
}

/** A form brings one picture; what else stands in it is counted and measured as well. */
function formLimits({ imageBytes }: HttpSettings): NonNullable<FastifyMultipartBaseOptions['limits']> {
  return {
    fileSize: imageBytes,
    files: 1,
    fields: 10,
    parts: 12,
    fieldSize: 1024,
    fieldNameSize: 100,
    headerPairs: 50,
  };
}

function collectRoutes(adapter: FastifyAdapter): RouteTable {
  const routes = new Map<string, Set<string>>();
  adapter.getInstance().addHook('onRoute', (route) => {
    const methods = routes.get(route.url) ?? new Set<string>();
    for (const method of [route.method].flat()) methods.add(method);
    routes.set(route.url, methods);
  });
  return routes;
}
