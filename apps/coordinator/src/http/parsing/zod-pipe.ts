import type { ArgumentMetadata, Paramtype, PipeTransform } from '@nestjs/common';
import type { z } from 'zod';
import { invalidRequest } from '../problems/known-problems';

/** What is read, where a violation names no part of it. */
const WHOLES: Readonly<Record<Paramtype, string>> = {
  query: 'the query',
  param: 'the path',
  body: 'the body',
  custom: 'the body',
};

/** Parses what came in at the edge with a schema of the contracts; every violation is named with its path, 400. */
export class ZodPipe<S extends z.ZodType> implements PipeTransform<unknown, z.output<S>> {
  constructor(
    private readonly schema: S,
    /** Name of what is parsed where it is not the body, e.g. a header. */
    private readonly name = '',
  ) {}

  transform(value: unknown, { type }: Pick<ArgumentMetadata, 'type'>): z.output<S> {
    const parsed = this.schema.safeParse(value);
    if (parsed.success) return parsed.data;
    throw invalidRequest(
      parsed.error.issues.map((issue) => ({
        path: [this.name, ...issue.path.map(String)].filter((part) => part !== '').join('.'),
        message: issue.message,
      })),
      WHOLES[type],
    );
  }
}
