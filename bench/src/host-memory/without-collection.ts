// Preloaded into a host process (--require).
globalThis.gc = (() => undefined) as NodeJS.GCFunction;
