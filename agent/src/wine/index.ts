export { type WineCommand, wineEnvironment, wineNode } from './node.ts';
export { createPrefix, stopPrefix } from './prefix.ts';
export { type Home, home, type WindowsToolchain, windowsToolchain } from './toolchain.ts';
