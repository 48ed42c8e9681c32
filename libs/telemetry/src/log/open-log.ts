import type { Log, LogFields, LogLevel } from '@aura/kernel';
import { pino } from 'pino';
import { prettyFactory } from 'pino-pretty';
import { plainFields } from './plain-fields';
import { redactText } from './redact-text';

/** How a log is written. */
export interface LogOptions {
  /** Lines that matter less are not written. */
  readonly level: LogLevel | 'silent';
  /** Name of the service that speaks; stands in every line. */
  readonly service: string;
  /** Name of this process among those of the service. */
  readonly instance?: string;
  /** `json`: one object a line, for machines. `text`: for people; `colour` only where a terminal shows it. */
  readonly format: 'json' | 'text' | 'colour';
  /** Takes one line with its end. */
  readonly write: (line: string) => void;
}

/** Fields that say the same in every line of one terminal. */
const SAME_FOR_PEOPLE = 'service,instance';

/**
 * The log of a process, by pino: `level`, `time` (RFC 3339), `service`, `msg` and the fields of the line. What looks like a
 * secret is hidden wherever it stands; what could be a payload is left out.
 */
export function openLog(options: LogOptions): Log {
  const { level, service, instance } = options;
  const logger = pino(
    {
      level,
      base: { service, ...(instance === undefined ? {} : { instance }) },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: writerOf(options) },
  );
  const at =
    (name: LogLevel) =>
    (message: string, fields: LogFields = {}): void => {
      if (logger.isLevelEnabled(name)) logger[name](plainFields(fields), message);
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

function writerOf({ format, write }: LogOptions): (line: string) => void {
  if (format === 'json') return (line) => write(redactText(line));
  const pretty = prettyFactory({
    colorize: format === 'colour',
    ignore: SAME_FOR_PEOPLE,
    translateTime: 'SYS:HH:MM:ss.l',
    singleLine: true,
    // On the same line as everything else.
    errorLikeObjectKeys: [],
  });
  return (line) => write(pretty(redactText(line)));
}
