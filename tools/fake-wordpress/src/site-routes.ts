import type { Arguments } from './check-parameters.ts'
import { type ContentType, innerTaxonomies, innerTypes, mediaType, type Taxonomy } from './content-types.ts'
import { describeType } from './describe-type.ts'
import { type FakeSite, isSince } from './fake-site.ts'
import { answer, type RestAnswer, refusal } from './rest-answer.ts'
import { may, mayManageTerms, rightFor, rightsOf } from './rights.ts'
import { contextArgument, type Endpoint, type RouteCall, refusalStatus } from './route.ts'
import type { UserRow } from './site-state.ts'

const schema: Arguments = { context: contextArgument }
const anybody = () => null

/** The root of the API, without the list of routes that WordPress would add. */
export const rootEndpoint: Endpoint = {
  schema,
  permission: anybody,
  run: ({ site }) => {
    const { url, name, description, timezone } = site.state.settings
    const isOffset = /^[+-]/.test(timezone)
    const authorization = `${url}/wp-admin/authorize-application.php`
    return answer({
      name,
      description,
      url,
      home: url,
      gmt_offset: isOffset ? String(site.time.offsetHours()) : site.time.offsetHours(),
      timezone_string: isOffset ? '' : timezone,
      page_for_posts: 0,
      page_on_front: 0,
      show_on_front: 'posts',
      namespaces: namespacesOf(site),
      authentication: site.configuration.applicationPasswords
        ? { 'application-passwords': { endpoints: { authorization } } }
        : [],
      routes: {},
    })
  },
}

function namespacesOf(site: FakeSite): readonly string[] {
  const abilities = isSince(site, '6.9') ? ['wp-abilities/v1'] : []
  return ['oembed/1.0', 'wp/v2', 'wp-site-health/v1', 'wp-block-editor/v1', ...abilities]
}

/** Who the credential belongs to: the one question that nobody but its owner gets an answer to. */
export const currentUserEndpoint: Endpoint = {
  schema,
  permission: anybody,
  run: ({ site, user, parameters }) =>
    user === null
      ? refusal(401, 'rest_not_logged_in', 'You are not currently logged in.')
      : answer(renderUser(site, user, parameters.context === 'edit'), {
          allow: `GET, POST, PUT, PATCH${may(user, 'delete_users') ? ', DELETE' : ''}`,
        }),
}

function renderUser(site: FakeSite, user: UserRow, isEdit: boolean): Record<string, unknown> {
  const { url } = site.state.settings
  return {
    id: user.id,
    ...(isEdit ? { username: user.login } : {}),
    name: user.name,
    ...(isEdit ? { first_name: '', last_name: '', email: user.email } : {}),
    url: '',
    description: '',
    link: `${url}/author/${user.login}/`,
    ...(isEdit ? { locale: 'en_US', nickname: user.login } : {}),
    slug: user.login,
    ...(isEdit ? { roles: [user.role], capabilities: capabilitiesOf(user) } : {}),
    meta: [],
  }
}

function capabilitiesOf(user: UserRow): Record<string, true> {
  return Object.fromEntries([...rightsOf(user.role), user.role].map((right) => [right, true]))
}

export const statusesEndpoint: Endpoint = {
  schema,
  permission: ({ parameters, user }) =>
    parameters.context !== 'edit' || may(user, 'edit_posts')
      ? null
      : refusal(refusalStatus(user), 'rest_cannot_view', 'Sorry, you are not allowed to manage post statuses.'),
  run: ({ site, user, parameters }) => {
    const isEdit = parameters.context === 'edit'
    const shown = [...site.statuses.values()].filter(
      ({ kind, name }) => kind === 'public' || ((kind !== 'internal' || name === 'trash') && may(user, 'edit_posts')),
    )
    const rows = shown.map(({ name, label, kind, floats }) => {
      const more = {
        private: kind === 'private',
        protected: kind === 'protected',
        show_in_list: kind !== 'internal',
      }
      const isPublic = kind === 'public'
      const own = { name: label, public: isPublic, queryable: isPublic, slug: name, date_floating: floats }
      return [name, isEdit ? { ...own, ...more } : own] as const
    })
    return answer(Object.fromEntries(rows))
  },
}

export const typesEndpoint: Endpoint = {
  schema,
  permission: ({ site, parameters, user }) =>
    parameters.context !== 'edit' || allTypes(site).some((type) => may(user, rightFor(type, 'edit_posts')))
      ? null
      : refusal(refusalStatus(user), 'rest_cannot_view', 'Sorry, you are not allowed to edit posts in this post type.'),
  run: ({ site, user, parameters }) => {
    const isEdit = parameters.context === 'edit'
    const isShown = (right: string) => !isEdit || may(user, right)
    const own = allTypes(site).filter((type) => isShown(rightFor(type, 'edit_posts')))
    const inner = innerTypes.filter(({ right }) => isShown(right))
    return answer(
      Object.fromEntries([
        ...own.map((type) => [type.name, describeType(site, type, isEdit)]),
        ...inner.map((type) => [type.name, describeInnerType(type, isEdit)]),
      ]),
    )
  },
}

export function createTypeEndpoint(name: string): Endpoint {
  return {
    schema,
    permission: anybody,
    run: ({ site, user, parameters }) => {
      const type = allTypes(site).find((candidate) => candidate.name === name)
      const inner = innerTypes.find((candidate) => candidate.name === name)
      if (type === undefined && inner === undefined) {
        return refusal(404, 'rest_type_invalid', 'Invalid post type.')
      }
      const isEdit = parameters.context === 'edit'
      const right = type === undefined ? (inner?.right ?? '') : rightFor(type, 'edit_posts')
      if (isEdit && !may(user, right)) {
        const message = 'Sorry, you are not allowed to edit posts in this post type.'
        return refusal(refusalStatus(user), 'rest_forbidden_context', message)
      }
      if (type !== undefined) return answer(describeType(site, type, isEdit))
      return inner === undefined ? answer({}) : answer(describeInnerType(inner, isEdit))
    },
  }
}

function allTypes(site: FakeSite): readonly ContentType[] {
  const [post, page, ...others] = site.types.values()
  return [post, page, mediaType, ...others].filter((type) => type !== undefined)
}

function describeInnerType(
  { name, restBase, right }: (typeof innerTypes)[number],
  isEdit: boolean,
): Record<string, unknown> {
  return {
    ...(isEdit ? { capabilities: { edit_posts: right }, supports: { title: true, editor: true } } : {}),
    hierarchical: false,
    name,
    slug: name,
    taxonomies: [],
    rest_base: restBase,
    rest_namespace: 'wp/v2',
  }
}

export const taxonomiesEndpoint: Endpoint = {
  schema,
  permission: ({ parameters, user }) =>
    parameters.context !== 'edit' || may(user, 'edit_posts')
      ? null
      : refusal(
          refusalStatus(user),
          'rest_cannot_view',
          'Sorry, you are not allowed to manage terms in this taxonomy.',
        ),
  run: ({ site, user, parameters }) => {
    const isEdit = parameters.context === 'edit'
    const inner = innerTaxonomies.filter(({ name }) => !isEdit || name !== 'nav_menu' || mayManageSite(user))
    const [category, tag, ...others] = site.taxonomies.values()
    const all = [category, tag, ...inner, ...others].filter((taxonomy) => taxonomy !== undefined)
    return answer(Object.fromEntries(all.map((taxonomy) => [taxonomy.name, describeTaxonomy(taxonomy, isEdit)])))
  },
}

function mayManageSite(user: UserRow | null): boolean {
  return may(user, 'edit_theme_options') && mayManageTerms(user)
}

function describeTaxonomy(taxonomy: Taxonomy, isEdit: boolean): Record<string, unknown> {
  return {
    name: taxonomy.label,
    slug: taxonomy.name,
    description: '',
    types: taxonomy.types,
    hierarchical: taxonomy.hierarchical,
    rest_base: taxonomy.restBase,
    rest_namespace: 'wp/v2',
    ...(isEdit ? { show_cloud: true } : {}),
  }
}

/** Tells administrators the version, since 6.9. */
export const environmentEndpoint: Endpoint = {
  schema: {},
  permission: ({ user }: RouteCall): RestAnswer | null =>
    may(user, 'manage_options')
      ? null
      : refusal(
          refusalStatus(user),
          'rest_ability_cannot_execute',
          'Sorry, you are not allowed to execute this ability.',
        ),
  run: ({ site }) => answer({ environment: 'local', php_version: '8.2', wp_version: site.version }),
}
