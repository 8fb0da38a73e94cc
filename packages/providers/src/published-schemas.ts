import { createRequire } from 'node:module'
import { Ajv, type ValidateFunction } from 'ajv'
import { createGenerator } from 'ts-json-schema-generator'

const require = createRequire(import.meta.url)

/** Compiles a type that a vendor publishes with its SDK into a check that takes nothing else. */
export function compilePublishedType(
  declarations: string,
  type: string,
  extra: Readonly<Record<string, object>> = {},
): ValidateFunction {
  const schema = createGenerator({
    path: require.resolve(declarations).replace(/\.m?js$/, '.d.ts'),
    type,
    tsconfig: new URL('../../../tsconfig.json', import.meta.url).pathname,
    skipTypeCheck: true,
    jsDoc: 'none',
    topRef: false,
    additionalProperties: false,
  }).createSchema(type)
  return new Ajv({ strict: false, allErrors: false }).compile({
    ...schema,
    properties: { ...schema.properties, ...extra },
  } as object)
}
