/**
 * Ends what a command has started for itself when somebody interrupts the command; then it dies of the signal, as it would have.
 * Answers how to leave that.
 */
export function endWhenInterrupted(end: () => Promise<void>): () => void {
  const die = (signal: NodeJS.Signals): void => {
    leave();
    void end().finally(() => process.kill(process.pid, signal));
  };
  const leave = (): void => {
    process.off('SIGINT', die);
    process.off('SIGTERM', die);
  };
  process.on('SIGINT', die);
  process.on('SIGTERM', die);
  return leave;
}
