import { isIgny8Error, type Primitive } from './igny8-error.ts'

/**
 * What a log may say of anything thrown. Messages of errors that are not ours stay out: databases and parsers quote the data in them.
 */
export function describeFailure(error: unknown): Readonly<Record<string, Primitive | undefined>> {
  if (isIgny8Error(error)) return { error: error.message, code: error.code }
  if (!(error instanceof Error)) return { error: 'unknown' }
  const code = (error as { code?: unknown }).code
  return { error: error.name, code: typeof code === 'string' ? code : undefined }
}
