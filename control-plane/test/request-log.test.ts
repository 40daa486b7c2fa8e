import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { describe, it } from 'node:test';
import { BOUNDS } from '@oversoak/contracts';
import { emptyApp } from '../src/app.ts';
import { useRequestLog } from '../src/plugins/request-log.ts';

describe('the log of requests', () => {
  it('has a line for each change and each refusal, and none for successful reads and what is frequent', async () => {
    const lines: string[] = [];
    const stream = new Writable({
      write: (chunk, _encoding, done) => {
        lines.push(String(chunk));
        done();
      },
    });
    const app = emptyApp({ level: 'info', stream });
    useRequestLog(app);
    app.get('/read', async () => 'read');
    app.post('/change', async () => 'changed');
    const frequent = { config: { frequent: true as const } };
    app.post('/frequent/:status', frequent, async ({ params }, reply) =>
      reply.code(Number((params as { status: string }).status)).send('taken'),
    );
    await app.inject({ method: 'GET', url: '/read' });
    await app.inject({ method: 'POST', url: '/change' });
    await app.inject({ method: 'GET', url: '/nothing' });
    const secret = `://ops:${'hunter2'.repeat(200)}@`;
    await app.inject({ method: 'GET', url: `/nothing?to=${secret}${'a.'.repeat(7000)}` });
    for (const status of [200, 401, 503]) {
      await app.inject({ method: 'POST', url: `/frequent/${status}` });
    }
    await app.close();
    const logged = lines
      .map((line) => JSON.parse(line))
      .filter(({ msg }) => msg === 'request')
      .map(({ method, url, statusCode }) => `${method} ${url} ${statusCode}`);
    const [long = ''] = logged.splice(2, 1);
    assert.equal(long.length, 'GET '.length + BOUNDS.request.loggedUrl + ' 404'.length);
    assert.match(long, /^GET \/nothing\?to=:\/\/\[hidden\]@a\.a\./);
    assert.deepEqual(logged, ['POST /change 200', 'GET /nothing 404', 'POST /frequent/401 401']);
    assert.equal(lines.filter((line) => line.includes('/read')).length, 0, lines.join(''));
  });
});
