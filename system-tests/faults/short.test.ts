import { CASES } from './cases.ts';
import { suite } from './suite.ts';

suite(
  'a fault of each kind',
  CASES.filter((each) => each.short),
);
