import type { PipeTransform } from '@nestjs/common';
import { parse } from 'secure-json-parse';
import { Problem } from '../problems/problem';
import type { ReceivedText } from './text-pipe';

/** Parses a body as JSON; broken JSON, and members that would poison a prototype, are refused with 400. */
export class JsonPipe implements PipeTransform<ReceivedText, unknown> {
  transform({ text }: ReceivedText): unknown {
    try {
      return parse(text, null, { protoAction: 'error', constructorAction: 'error' });
    } catch (error) {
      throw new Problem(400, {
        code: 'MALFORMED_JSON',
        detail: `the body is not JSON: ${error instanceof Error ? error.message : String(error)}`,
        help: 'Send well-formed JSON in UTF-8.',
      });
    }
  }
}
