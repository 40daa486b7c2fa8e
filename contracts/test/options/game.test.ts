import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Game, gameProblems, validate } from '../../src/index.ts';

/** What is wrong with a game of these contents, by the schema and beyond it. */
function problems(...contents: object[]): Record<string, string> {
  const result = validate(Game, { contents });
  const found = 'problems' in result ? result.problems : gameProblems(result.value);
  return Object.fromEntries(found.map(({ pointer, detail }) => [pointer, detail]));
}

const lobby = (changes: object) => ({ name: 'lobby', ...changes });
const pvp = { name: 'pvp' };

test('the default game has three contents, no work and no moves', () => {
  const result = validate(Game, undefined);
  assert.ok('value' in result);
  assert.deepEqual(result.value.contents, [
    { name: 'lobby', workUs: 0, moves: {} },
    { name: 'pvp', workUs: 0, moves: {} },
    { name: 'dungeon', workUs: 0, moves: {} },
  ]);
  assert.equal(result.value.containerLock, 'mutex');
  assert.equal(result.value.contentQueue, 'locked');
  assert.deepEqual(gameProblems(result.value), []);
});

test('a sound game has no problems', () => {
  const mix = [
    { share: 0.7, workUs: 5 },
    { share: 0.2, workUs: 50 },
    { share: 0.1, workUs: 500 },
  ];
  assert.deepEqual(problems(lobby({ mix, ticksPerSecond: 20, moves: { pvp: 0.5 } }), pvp), {});
});

test('a move must lead to another existing content', () => {
  assert.deepEqual(problems(lobby({ moves: { arena: 0.1, lobby: 0.1, pvp: 0.1 } }), pvp), {
    '/contents/0/moves/arena': 'unknown content "arena"; valid: lobby, pvp',
    '/contents/0/moves/lobby': 'a player cannot move to where it is',
  });
});

test('the probabilities of the moves of a content add up to at most 1', () => {
  const tenths = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ name: `c${index}` }));
  const moves = (count: number) => Object.fromEntries(tenths(count).map(({ name }) => [name, 0.1]));
  assert.deepEqual(problems(lobby({ moves: moves(10) }), ...tenths(10)), {});
  assert.deepEqual(problems(lobby({ moves: moves(11) }), ...tenths(11)), {
    '/contents/0/moves': 'the probabilities add up to 1.1; at most 1',
  });
});

test('the shares of a mix add up to 1, and replace workUs', () => {
  assert.deepEqual(problems(pvp, lobby({ workUs: 3, mix: [{ share: 0.4 }, { share: 0.5 }] })), {
    '/contents/1/workUs': 'is for a content without a mix',
    '/contents/1/mix': 'the shares add up to 0.9; they must add up to 1',
  });
});

test('names are unique', () => {
  assert.deepEqual(problems(pvp, lobby({}), pvp), {
    '/contents/2/name': '"pvp" is there twice',
  });
});

test('a value beyond a bound is refused with its path', () => {
  const wrong = problems(
    lobby({ workUs: 100_001, moves: { pvp: 1.5 } }),
    { name: 'P v P', workUs: -1 },
    { name: 'raid', mix: [], ticksPerSecond: 0 },
  );
  assert.deepEqual(Object.keys(wrong).sort(), [
    '/contents/0/moves/pvp',
    '/contents/0/workUs',
    '/contents/1/name',
    '/contents/1/workUs',
    '/contents/2/mix',
    '/contents/2/ticksPerSecond',
  ]);
  assert.ok('/contents' in problems());
});
