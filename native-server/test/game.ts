import type { Game } from '@oversoak/contracts';

/** Three contents with a little work, between which players move often. */
export const GAME: Game = {
  contents: [
    { name: 'lobby', workUs: 20, moves: { pvp: 0.15, dungeon: 0.15 } },
    { name: 'pvp', workUs: 40, moves: { lobby: 0.3 } },
    { name: 'dungeon', workUs: 30, moves: { lobby: 0.2, pvp: 0.1 } },
  ],
  containerLock: 'mutex',
  contentQueue: 'locked',
  queueLimit: 65_536,
};
