import type { FleetFigures, ServerFigures } from '@oversoak/contracts';
import type { Points } from './watched.ts';

/** Points that servers and fleets share: errors, threads and the host process. */
export function addProcess(points: Points, figures: FleetFigures | ServerFigures): void {
  for (const [name, count] of Object.entries(figures.errors)) {
    points.number('oversoak.errors', count, { 'oversoak.error.class': name });
  }
  for (const { name, userSeconds, kernelSeconds } of figures.threads) {
    const thread = { 'oversoak.thread': name };
    points.number('oversoak.thread.cpu', userSeconds, { ...thread, 'oversoak.cpu.mode': 'user' });
    points.number('oversoak.thread.cpu', kernelSeconds, {
      ...thread,
      'oversoak.cpu.mode': 'kernel',
    });
  }
  const { workingSetBytes, privateBytes, handles, threads } = figures.process;
  points.number('oversoak.sessions.live', figures.sessions.live);
  points.number('oversoak.process.working_set', workingSetBytes);
  points.number('oversoak.process.private_memory', privateBytes);
  points.number('oversoak.process.handles', handles);
  points.number('oversoak.process.threads', threads);
}
