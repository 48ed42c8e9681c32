import { z } from 'zod';

/** What is listed as an origin, as browsers write it: scheme, host, and the port where it is not the usual one. */
export const webOrigin = z.string().refine(isOrigin, {
  error: 'must be an origin such as https://shop.example or http://localhost:5173, without a path',
});

/** Origins from the text of a variable, separated by commas. */
export const originList = z
  .string()
  .transform((text) => text.split(',').map((one) => one.trim()))
  .refine((list) => list.every(isOrigin), {
    error:
      'must be a list of origins such as https://shop.example,http://localhost:5173, each without a path and none of them *',
  });

function isOrigin(text: string): boolean {
  return /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text;
}
