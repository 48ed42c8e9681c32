import * as z from 'zod';
import { isEventText } from './codec/attribute-syntax';

/** Names a person: 1 to 200 characters, such as the `subject` of an event may have. */
export const personId = z
  .string()
  .min(1)
  .max(200)
  .refine(isEventText, 'must be free of control characters, lone surrogates and noncharacters');
