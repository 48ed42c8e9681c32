import {
  AuraError,
  BusinessError,
  isAuraError,
  PayloadTooLargeError,
  StoreUnavailableError,
  TerminalError,
  UnsafeSetupError,
} from '@aura/kernel';
import { BusFullError, UnroutableError } from '@aura/messaging';

/** An error on its way: its class by name, and what it says. Its stack stays where it was thrown. */
export interface WireError {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  readonly help?: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** The classes that callers tell apart. */
const AURA_ERRORS: Readonly<Record<string, { readonly prototype: AuraError }>> = {
  AuraError,
  BusFullError,
  BusinessError,
  PayloadTooLargeError,
  StoreUnavailableError,
  TerminalError,
  UnroutableError,
  UnsafeSetupError,
};

/** An error as it travels. */
export function toWire(error: unknown): WireError {
  if (isAuraError(error)) {
    const { name, message, code, help, details } = error;
    return { name, message, code, help, details: jsonSafe(details) };
  }
  if (error instanceof Error) return { name: error.name, message: error.message };
  return { name: 'Error', message: String(error) };
}

/** The error that was thrown at the other end: of the same class, with the same code, message, help and details. */
export function fromWire(wire: WireError): Error {
  const { name, message, code, help, details } = wire;
  if (name === 'TypeError') return new TypeError(message);
  const error = new AuraError(message, {
    code: code ?? 'HOST_FAILED',
    help: help ?? 'Look at the log of the Aura that this process has joined.',
    ...(details === undefined ? {} : { details }),
  });
  const known = AURA_ERRORS[name];
  if (known !== undefined) Object.setPrototypeOf(error, known.prototype);
  error.name = name;
  return error;
}

function jsonSafe(details: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(details).map(([name, value]) => [name, isPlain(value) ? value : String(value)]),
  );
}

function isPlain(value: unknown): boolean {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}
