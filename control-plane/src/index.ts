export { type Config, readConfig } from './config.ts';
export { allocationFaults } from './dispatch/allocation-faults.ts';
export { type RunningServer, startServer } from './server.ts';
export { type AllocationEvent, allocationLog } from './store/allocations.ts';
