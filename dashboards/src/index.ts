export { type DashboardJson, filled, type Query, queries } from './queries.ts';
