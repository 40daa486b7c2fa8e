export * from './received.ts';
export * from './receiver.ts';
