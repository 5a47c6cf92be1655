import { AwsError } from '../aws/awsError.ts';

/** The errors that MSK Connect declares. @see https://docs.aws.amazon.com/MSKC/latest/mskc/CommonErrors.html */
export const statuses = {
  BadRequestException: 400,
  UnauthorizedException: 401,
  ForbiddenException: 403,
  NotFoundException: 404,
  ConflictException: 409,
  TooManyRequestsException: 429,
  InternalServerErrorException: 500,
  ServiceUnavailableException: 503,
} as const;

export type ErrorCode = keyof typeof statuses;

export function connectError(code: ErrorCode, message: string): AwsError {
  return new AwsError(code, statuses[code], message);
}

export function badRequest(field: string, expected: string): AwsError {
  return connectError('BadRequestException', `Invalid parameter ${field}: ${expected}.`);
}

export function notFound(what: string, arn: string): AwsError {
  return connectError('NotFoundException', `The ${what} ${arn} was not found.`);
}
