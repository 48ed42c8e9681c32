/** Resolves at the first SIGTERM or SIGINT of a process, or when the process that holds the other end of its channel is gone. */
export function untilStopped(source: NodeJS.Process): Promise<void> {
  return new Promise((resolve) => {
    const stop = (): void => {
      source.off('SIGTERM', stop);
      source.off('SIGINT', stop);
      source.off('disconnect', stop);
      resolve();
    };
    source.on('SIGTERM', stop);
    source.on('SIGINT', stop);
    source.on('disconnect', stop);
  });
}
