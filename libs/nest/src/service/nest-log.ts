import type { Log, LogFields } from '@aura/kernel';
import { Logger } from '@nestjs/common';
import { lineLog } from '../line-log';

/** A log that writes through Nest's logger, under the name Aura. */
export function nestLog(): Log {
  const logger = new Logger('Aura');
  const lines = (write: (line: string) => void): ((message: string, fields?: LogFields) => void) =>
    lineLog(write).warn;
  return {
    debug: lines((line) => logger.debug(line)),
    info: lines((line) => logger.log(line)),
    warn: lines((line) => logger.warn(line)),
    error: lines((line) => logger.error(line)),
  };
}
