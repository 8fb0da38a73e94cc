export { createPgBossJobs, type PgBossJobs, type PgBossJobsOptions } from './create-pg-boss-jobs.ts'
