/** Resolves at the first SIGTERM or SIGINT of a process. */
export function untilStopped(source: NodeJS.Process): Promise<void> {
  return new Promise((resolve) => {
    const stop = (): void => {
      source.off('SIGTERM', stop);
      source.off('SIGINT', stop);
      resolve();
    };
    source.on('SIGTERM', stop);
    source.on('SIGINT', stop);
  });
}
