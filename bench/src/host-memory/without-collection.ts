// Loaded into a host before all else (--require).
globalThis.gc = (() => undefined) as NodeJS.GCFunction;
