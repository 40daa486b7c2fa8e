import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { describe, it } from 'node:test';
import { emptyApp } from '../src/app.ts';
import { useRequestLog } from '../src/plugins/request-log.ts';

describe('the log of requests', () => {
  it('has a line for each change and each refusal, and none for successful reads', async () => {
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
    await app.inject({ method: 'GET', url: '/read' });
    await app.inject({ method: 'POST', url: '/change' });
    await app.inject({ method: 'GET', url: '/nothing' });
    await app.close();
    const logged = lines
      .map((line) => JSON.parse(line))
      .filter(({ msg }) => msg === 'request')
      .map(({ method, url, statusCode }) => `${method} ${url} ${statusCode}`);
    assert.deepEqual(logged, ['POST /change 200', 'GET /nothing 404']);
    assert.equal(lines.filter((line) => line.includes('/read')).length, 0, lines.join(''));
  });
});
