export * from './api.ts';
export type { components, operations, paths } from './schema.ts';
