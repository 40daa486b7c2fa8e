export * from '../src/dry/engine.ts';
