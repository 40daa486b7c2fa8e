import { CASES } from './cases.ts';
import { suite } from './suite.ts';

suite('every fault at every state', CASES);
