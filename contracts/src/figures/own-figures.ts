import { type Static, Type } from 'typebox';

const Gained = (description: string) =>
  Type.Union([Type.Integer({ description }), Type.Null()], {
    description:
      'null if the platform does not report it; below 0: memory that was given back since',
  });

/**
 * What a server added to its host process: the process figure minus its value just before the
 * server was created. Memory figures also exclude the JavaScript heap at both moments.
 */
export const OwnFigures = Type.Object(
  {
    workingSetBytes: Gained("resident memory, JavaScript's left out"),
    privateBytes: Gained("committed memory that no other process shares, JavaScript's left out"),
    handles: Gained('open kernel handles'),
    threads: Gained('threads'),
  },
  { additionalProperties: false, description: 'what the server added to its host process' },
);
export type OwnFigures = Static<typeof OwnFigures>;
