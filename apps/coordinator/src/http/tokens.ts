/** Injection token of the {@link HttpDependencies}. */
export const HTTP_DEPENDENCIES = Symbol('HttpDependencies');

/** Injection token of the parsed {@link HttpSettings}. */
export const HTTP_SETTINGS = Symbol('HttpSettings');

/** Injection token of the {@link Identify} that tells who makes a request. */
export const IDENTIFY = Symbol('Identify');
