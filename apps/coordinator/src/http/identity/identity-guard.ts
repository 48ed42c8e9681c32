import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { IDENTIFY } from '../tokens';
import { setActor, type ActingRequest } from './acting';
import type { Identify } from './identify';
import { OPEN } from './open';

/** Asks who makes a request before its road is taken, and keeps the answer with the request. */
@Injectable()
export class IdentityGuard implements CanActivate {
  constructor(
    @Inject(IDENTIFY) private readonly identify: Identify,
    @Inject(Reflector) private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const marked = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride<boolean | undefined>(OPEN, marked) === true) return true;
    const request = context.switchToHttp().getRequest<ActingRequest>();
    const { method, url, headers } = request;
    setActor(request, await this.identify({ method, url, headers }));
    return true;
  }
}
