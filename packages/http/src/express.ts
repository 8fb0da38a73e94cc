export { createExpressMiddleware, type ExpressRequest } from './create-express-middleware.ts'
