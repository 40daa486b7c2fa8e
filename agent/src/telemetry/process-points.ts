import type { FleetFigures, ServerFigures } from '@oversoak/contracts';
import { measurement, type Points, type Watched } from './watched.ts';

/** What the platform's `handles` are called: an agent's hosts run on its own platform. */
const HANDLES =
  process.platform === 'win32'
    ? 'process.windows.handle.count'
    : 'process.unix.file_descriptor.count';

/** Points that servers and fleets share: errors, threads and the host process. */
export function addProcess(points: Points, watched: Watched<FleetFigures | ServerFigures>): void {
  const figures = watched.latest;
  for (const [name, count] of Object.entries(figures.errors)) {
    points.number('oversoak.errors', count, { 'oversoak.error.class': name });
  }
  addThreads(points, watched);
  const { workingSetBytes, privateBytes, handles, threads } = figures.process;
  points.number('oversoak.sessions.live', figures.sessions.live);
  points.number('process.memory.usage', workingSetBytes);
  points.number('process.memory.virtual', privateBytes);
  points.number(HANDLES, handles);
  points.number('process.thread.count', threads);
}

/** CPU time and cycles of each thread in the measurement; a thread that started within it counts from 0. */
function addThreads(points: Points, watched: Watched<FleetFigures | ServerFigures>): void {
  const measured = measurement(watched);
  const before = new Map(measured?.start.threads.map((thread) => [thread.name, thread]));
  for (const thread of (measured?.end ?? watched.latest).threads) {
    for (const mode of ['user', 'kernel'] as const) {
      const seconds = thread[`${mode}Seconds`] - (before.get(thread.name)?.[`${mode}Seconds`] ?? 0);
      points.number('oversoak.thread.cpu', measured === null ? 0 : seconds, {
        'oversoak.thread': thread.name,
        'oversoak.cpu.mode': mode,
      });
    }
    const cyclesBefore = before.get(thread.name)?.cycles ?? 0;
    const cycles =
      thread.cycles === null || measured === null ? null : thread.cycles - cyclesBefore;
    points.number('oversoak.thread.cycles', cycles, { 'oversoak.thread': thread.name });
  }
}
