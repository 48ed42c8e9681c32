import { Catch } from '@nestjs/common';
import type { ExceptionFilter } from '@nestjs/common';
import { throwError } from 'rxjs';
import type { Observable } from 'rxjs';

/**
 * Hands the error of a handler on as it is. Nest's own filter makes "Internal server error" of it, and a dead letter
 * would say no more than that.
 */
@Catch()
export class KeepsErrors implements ExceptionFilter {
  catch(error: unknown): Observable<never> {
    return throwError(() => error);
  }
}
