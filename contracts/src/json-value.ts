import * as z from 'zod';

/** Any JSON value. One schema for all of contracts, so that generated JSON Schemas define it once, by this name. */
export const jsonValue = z.json().register(z.globalRegistry, { id: 'JsonValue' });
