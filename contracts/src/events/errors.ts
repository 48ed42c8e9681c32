import * as z from 'zod';

/** An error as it stands in events, dead letters and views. `kind` tells who decided: the business, or technology. */
export const errorRecord = z.object({
  kind: z.enum(['business', 'technical', 'timeout', 'condition', 'crash']),
  code: z.string(),
  message: z.string(),
  help: z.string().exactOptional(),
  stack: z.string().exactOptional(),
});

export type ErrorRecord = z.infer<typeof errorRecord>;
