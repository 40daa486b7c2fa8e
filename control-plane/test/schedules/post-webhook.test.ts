import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { test } from 'node:test';
import { Webhook } from 'standardwebhooks';
import { NotDelivered, postWebhook } from '../../src/schedules/post-webhook.ts';
import { mayCall } from '../../src/schedules/webhook-address.ts';
import { startReceiver } from './receiver.ts';

/** The example of the specification's own libraries. */
const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const text = '{"test": 2432232314}';

const { signal } = new AbortController();
const postTo = (url: string) =>
  postWebhook({ url, secret }, 'msg_1', text, { allowed: ['127.0.0.0/8'], stopping: signal });

test('a webhook is signed as Standard Webhooks specifies', async (t) => {
  const receiver = await startReceiver({ status: 204 });
  t.after(receiver.stop);
  await postTo(receiver.url);
  const [received] = receiver.received;
  assert.ok(received !== undefined);
  const { headers, body } = received;
  assert.equal(body, text);
  assert.equal(headers['content-type'], 'application/json');
  assert.deepEqual(new Webhook(secret).verify(body, headers as Record<string, string>), {
    test: 2432232314,
  });
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const signed = `msg_1.${headers['webhook-timestamp']}.${text}`;
  const digest = createHmac('sha256', key).update(signed).digest('base64');
  assert.equal(headers['webhook-signature'], `v1,${digest}`);
  assert.throws(() => new Webhook(secret).verify(`${body} `, headers as Record<string, string>));
});

test("the published example's signature comes out", () => {
  const signature = new Webhook(secret).sign(
    'msg_p5jXN8AQM9LWM0D4loKWxJek',
    new Date(1_614_265_330_000),
    text,
  );
  assert.equal(signature, 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
});

test('only 2xx counts as delivered, and redirects are not followed', async (t) => {
  const receiver = await startReceiver(
    { status: 500 },
    { status: 404 },
    { status: 307, headers: { location: '/elsewhere' } },
  );
  t.after(receiver.stop);
  const refused = async (message: RegExp, { url } = receiver) =>
    assert.rejects(postTo(url), (error) => {
      assert.ok(error instanceof NotDelivered);
      assert.match(error.message, message);
      return true;
    });
  await refused(/^HTTP 500 Internal Server Error$/);
  await refused(/^HTTP 404 Not Found$/);
  await refused(/^HTTP 307 Temporary Redirect; redirects are not followed$/);
  assert.deepEqual(
    receiver.received.map(({ path }) => path),
    ['/hook', '/hook', '/hook'],
  );
  const gone = await startReceiver();
  await gone.stop();
  await refused(/^unreachable$/, gone);
});

test('a receiver that switches protocols has not taken it', async (t) => {
  const receiver = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.end('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n');
  }).listen(0, '127.0.0.1');
  t.after(() => receiver.close());
  await once(receiver, 'listening');
  const { port } = receiver.address() as AddressInfo;
  await assert.rejects(postTo(`http://127.0.0.1:${port}/`), {
    name: 'NotDelivered',
    message: 'HTTP 101 Switching Protocols',
  });
});

test('a target that is not public is refused before the call, by address and by name', async (t) => {
  const receiver = await startReceiver({ status: 204 });
  t.after(receiver.stop);
  const { port } = new URL(receiver.url);
  const stopping = signal;
  const refused = { name: 'NotDelivered', message: /^refused: the address of .* is not public/ };
  for (const host of ['127.0.0.1', 'localhost', '2130706433', '0', '[::1]', '[::ffff:127.0.0.1]']) {
    const url = `http://${host}:${port}/hook`;
    const post = postWebhook({ url, secret }, 'msg_1', text, { allowed: ['10.0.0.0/8'], stopping });
    await assert.rejects(post, refused, host);
  }
  assert.equal(receiver.received.length, 0);
  for (const address of ['169.254.169.254', '10.1.2.3', '100.64.0.1', 'fe80::1', 'fd00::1', '::']) {
    assert.equal(mayCall(address, 80, []), false, address);
  }
  assert.equal(mayCall('10.1.2.3', 443, ['10.1.2.3:443']), true);
  assert.equal(mayCall('10.1.2.3', 80, ['10.1.2.3:443']), false);
  assert.equal(mayCall('93.184.216.34', 80, []), true);
  assert.equal(mayCall('2606:2800:220:1::1', 80, []), true);
});
