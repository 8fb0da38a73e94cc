import type { Aside, Step } from '../two-sites.ts'
import { create, everyStatus, fields, get, post } from './steps.ts'

export const asides: readonly (Step | Aside)[] = [
  create('o1', { title: 'Outside', content: 'one', status: 'publish', categories: ['{{topChild}}'] }),
  {
    php: 'wp_set_object_terms($id("o1"), [1], "category"); update_post_meta($id("o1"), "footnotes", "[]");',
    onFake(site, idOf) {
      site.people.setTerms(idOf('o1'), 'category', [1])
      site.people.setMeta(idOf('o1'), 'footnotes', '[]')
    },
  },
  get(`${post}/{{o1}}?context=edit&${fields}`),
  {
    php: 'wp_set_current_user(1); wp_update_post(["ID" => $id("o1"), "post_content" => "two"]);',
    onFake: (site, idOf) => site.people.edit(idOf('o1'), { content: 'two' }),
  },
  get(`${post}/{{o1}}/revisions?context=edit&_fields=id,slug,content`),
  {
    php: 'wp_set_current_user(1); wp_trash_post($id("o1"));',
    onFake: (site, idOf) => site.people.trash(idOf('o1')),
  },
  get(`${post}/{{o1}}?context=edit&${fields}`),
  {
    php: 'wp_set_current_user(1); wp_untrash_post($id("o1"));',
    onFake: (site, idOf) => site.people.untrash(idOf('o1')),
  },
  get(`${post}/{{o1}}?context=edit&${fields}`),
  create('o2', { title: 'Due', date_gmt: '{{now+86400}}', status: 'future' }),
  {
    php: 'wp_publish_post($id("o2"));',
    onFake: (site, idOf) => site.people.publishOnTime(idOf('o2')),
  },
  get(`${post}/{{o2}}?context=edit&_fields=id,status,slug,date_gmt,modified_gmt`),
  {
    php: 'update_option("timezone_string", "Asia/Kolkata");',
    onFake: (site) => site.people.changeTimezone('Asia/Kolkata'),
  },
  get(
    `${post}?orderby=id&order=asc&context=edit&per_page=100&${everyStatus}&_fields=id,date,date_gmt,modified,modified_gmt`,
  ),
  get(`${post}?modified_after=2019-01-01T10:00:00Z&modified_before=2026-01-01T00:00:00Z&orderby=id&_fields=id`),
  create('o3', { title: 'Elsewhere', date: '2025-06-01T12:00:00', status: 'publish' }),
  {
    php: 'update_option("timezone_string", ""); update_option("gmt_offset", "-3.5");',
    onFake: (site) => site.people.changeTimezone('-03:30'),
  },
  get('?_fields=gmt_offset,timezone_string', { user: null }),
  get(`${post}/{{o3}}?context=edit&_fields=id,date,date_gmt,modified,modified_gmt`),
  create('o4', { title: 'Elsewhere too', date: '2025-06-01T12:00:00', status: 'publish' }),
  {
    php: 'update_option("timezone_string", "America/New_York"); update_option("gmt_offset", "");',
    onFake: (site) => site.people.changeTimezone('America/New_York'),
  },
]
