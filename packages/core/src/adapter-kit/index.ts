export { describeFailure } from '../errors/describe-failure.ts'
export type { Effect, Igny8ErrorInput } from '../errors/igny8-error.ts'
export { Igny8Error, isIgny8Error } from '../errors/igny8-error.ts'
export { assertKnownOptions, invalidInput } from '../errors/invalid-input.ts'
export { parseInput } from '../errors/parse-input.ts'
export { leastTokens } from '../model/least-tokens.ts'
export { type AttemptJobInput, type AttemptOutcome, attemptJob, jobAbortedMs } from './attempt-job.ts'
export { createHttpClient, type HttpClientOptions } from './create-http-client.ts'
export { type DownloadedImage, type DownloadImageInput, downloadImage } from './download-image.ts'
export { signHmac, verifyHmac } from './hmac.ts'
export {
  type CompleteJobDefinition,
  type CompleteJobSchedule,
  describeDeath,
  malformedJobCursor,
  parseDeadQuery,
  parseJobDefinition,
  parseJobSchedule,
  serialIsFixed,
  stopping,
  undefinedJob,
} from './job-inputs.ts'
export type { Lookup } from './outbound-policy.ts'
export { type JsonAnswer, parseJson } from './parse-json.ts'
export { parseRetryAfter } from './retry-after.ts'
export { createSilentLogger } from './silent-logger.ts'
export { type SniffedImage, sniffImage } from './sniff-image.ts'
export { mapStatusToError } from './status-to-error.ts'
export { createSystemClock } from './system-clock.ts'
export { createSystemRandom } from './system-random.ts'
