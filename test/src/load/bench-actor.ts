/** Who starts sagas and publishes definitions in a measurement. */
export const BY_BENCH = { subject: 'bench', roles: [] } as const;
