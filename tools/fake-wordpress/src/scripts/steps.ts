import type { Step } from '../two-sites.ts'

export const post = 'wp/v2/posts'

export const fields =
  '_fields=id,type,status,slug,link,date,date_gmt,modified,modified_gmt,title.raw,content.raw,excerpt.raw,featured_media,meta,categories,tags,author,parent,menu_order,sticky,format,template,comment_status,ping_status,password'

export const everyStatus = 'status=publish,future,draft,pending,private,trash'

export const get = (path: string, more: Partial<Step> = {}): Step => ({ path, ...more })

export const send = (path: string, body: unknown, more: Partial<Step> = {}): Step => ({ path, body, ...more })

export const create = (save: string, body: object, type = post): Step => send(`${type}?${fields}`, body, { save })

export const update = (name: string, body: object, type = post): Step => send(`${type}/{{${name}}}?${fields}`, body)

export const remove = (path: string): Step => ({ path, method: 'DELETE' })

export const list = `${post}?context=edit&orderby=id&order=asc&per_page=100&${everyStatus}&${fields}`
