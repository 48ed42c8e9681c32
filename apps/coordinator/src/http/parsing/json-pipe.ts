import type { PipeTransform } from '@nestjs/common';
import { parse } from 'secure-json-parse';
import { Problem } from '../problems/problem';
import type { ReceivedText } from './text-pipe';

/** Deepest nesting of arrays and objects in a body. What reads it further on takes a step of the stack for each. */
const DEEPEST = 100;

/** Parses a body as JSON; broken JSON, deep nesting, and members that would poison a prototype, are refused with 400. */
export class JsonPipe implements PipeTransform<ReceivedText, unknown> {
  transform({ text }: ReceivedText): unknown {
    if (depthOf(text) > DEEPEST) throw malformed(`it is nested deeper than ${DEEPEST}`, 'Send flatter JSON.');
    try {
      return parse(text, null, { protoAction: 'error', constructorAction: 'error' });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw malformed(`it is not JSON: ${reason}`, 'Send well-formed JSON in UTF-8.');
    }
  }
}

/** Nesting of a JSON text, without reading it: brackets outside of strings. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (let at = 0; at < text.length; at += 1) {
    const mark = text[at];
    if (mark === '"') at = endOfString(text, at);
    else if (mark === '[' || mark === '{') deepest = Math.max(deepest, ++depth);
    else if (mark === ']' || mark === '}') depth -= 1;
  }
  return deepest;
}

/** Where the string ends that begins here. */
function endOfString(text: string, begin: number): number {
  let at = begin + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at;
}

function malformed(why: string, help: string): Problem {
  return new Problem(400, { code: 'MALFORMED_JSON', detail: `the body cannot be read: ${why}`, help });
}
