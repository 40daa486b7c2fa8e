// Loaded into a host before all else (--require): it cannot turn V8's compilers off.
import v8 from 'node:v8';

v8.setFlagsFromString = () => undefined;
