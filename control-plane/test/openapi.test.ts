import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { BOUNDS, type JoinToken } from '@oversoak/contracts';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import { ApiBench } from './api-bench.ts';

/** As much of a schema as says how large its value may be. */
interface Schema {
  $ref?: string;
  type?: string;
  enum?: unknown[];
  pattern?: string;
  maxLength?: number;
  maxItems?: number;
  maxProperties?: number;
  items?: Schema;
  anyOf?: Schema[];
  properties?: Record<string, Schema>;
  patternProperties?: Record<string, Schema>;
  additionalProperties?: boolean | Schema;
}

interface Operation {
  operationId?: string;
  tags?: string[];
  requestBody?: { content: Record<string, { schema?: Schema; example?: Record<string, unknown> }> };
  responses: Record<string, { headers?: Record<string, unknown>; $ref?: string }>;
  parameters?: { name: string; in: string; example?: string }[];
}

interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, unknown> };
}

describe('the OpenAPI document', () => {
  let bench: ApiBench;
  let document: Document;
  let operations: { path: string; method: string; operation: Operation }[];

  before(async () => {
    bench = await ApiBench.start();
    document = (await bench.app.inject('/docs/json')).json();
    operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
    );
  });
  after(() => bench.stop());

  it('names every operation, once', () => {
    const names = operations.map(({ operation }) => operation.operationId);
    assert.equal(new Set(names).size, operations.length);
    assert.ok(names.every((name) => /^[a-z][A-Za-z]+$/.test(name ?? '')));
    assert.ok(operations.every(({ operation }) => operation.tags?.length === 1));
  });

  it('has each schema in one place', () => {
    const { schemas } = document.components;
    for (const name of ['Soak', 'SoakSpec', 'Run', 'RunResult', 'Schedule', 'Agent', 'Problem']) {
      assert.ok(name in schemas, name);
    }
    const written = JSON.stringify(document.paths);
    assert.ok(written.length < 100_000, `${written.length} characters of paths`);
  });

  it('says which headers come', async () => {
    const { post, get } = document.paths['/v1/soaks'] ?? {};
    assert.ok('Location' in (post?.responses['201']?.headers ?? {}));
    assert.equal(post?.responses['401']?.$ref, '#/components/responses/Unauthorized');
    assert.ok('ETag' in (get?.responses['200']?.headers ?? {}));
    const refused = await bench.app.inject('/v1/soaks');
    assert.equal(refused.headers['www-authenticate'], 'Bearer realm="oversoak"');
    const headers = { authorization: 'Bearer wrong' };
    const wrong = await bench.app.inject({ url: '/v1/soaks', headers });
    const said = 'Bearer realm="oversoak", error="invalid_token"';
    assert.equal(wrong.headers['www-authenticate'], said);
  });

  it('sends what a caller already has only once', async () => {
    const { soakId, runs } = await bench.submitted();
    await bench.done(soakId);
    for (const url of [`/v1/soaks/${soakId}/comparison`, `/v1/runs/${runs[0]?.runId}`]) {
      const first = await bench.call('GET', url);
      const { etag = '' } = first.headers;
      assert.match(String(etag), /^"[\w+/=-]+"$/);
      assert.equal(first.headers['cache-control'], 'private, no-cache');
      const again = await bench.call('GET', url, { headers: { 'if-none-match': String(etag) } });
      assert.deepEqual([again.statusCode, again.body], [304, '']);
      const other = await bench.call('GET', url, { headers: { 'if-none-match': '"x"' } });
      assert.equal(other.body, first.body);
    }
  });

  it('has an example of each body, which is accepted as it stands', async () => {
    const { soakId } = await bench.submitted();
    await bench.done(soakId);
    const enrolment = { agentId: 'win-9', address: '127.0.0.1' };
    const enrolled = await bench.call('POST', '/v1/enrolments', { payload: enrolment });
    assert.equal(enrolled.statusCode, 201, enrolled.body);
    const { token } = enrolled.json<JoinToken>();
    let accepted = 0;
    for (const { path, method, operation } of operations) {
      const { content = {} } = operation.requestBody ?? {};
      const json = content['application/json'];
      if (json === undefined) continue;
      const { example } = json;
      assert.ok(example, `${method} ${path} has no example`);
      const url = path.replaceAll(/\{(\w+)\}/g, (_, name) => {
        const parameter = operation.parameters?.find((one) => one.name === name);
        return parameter?.example ?? assert.fail(`{${name}} has no example`);
      });
      // The soak and the token of the examples are not of this cluster, whose Redis is on loopback.
      const own = { soakId, token, address: '127.0.0.1' };
      const payload = Object.fromEntries(
        Object.entries(example).map(([name, value]) => [name, own[name as 'token'] ?? value]),
      );
      const answer = await bench.call(method.toUpperCase() as 'POST', url, { payload });
      assert.ok(answer.statusCode < 300, `${method} ${url}: ${answer.body}`);
      accepted += 1;
    }
    assert.ok(accepted >= 6, `${accepted} bodies`);
  });

  it('bounds each list, text and record of each body', () => {
    const unbounded: string[] = [];
    const seen = new Set<unknown>();
    const walk = (place: string, schema: Schema): void => {
      const { $ref, type, items, anyOf = [], properties = {}, additionalProperties } = schema;
      if ($ref !== undefined) {
        const referred = document.components.schemas[$ref.split('/').at(-1) ?? ''] as Schema;
        const isNew = !seen.has(referred);
        seen.add(referred);
        if (isNew) walk(place, referred);
        return;
      }
      const most = BOUNDS.spec.itemsSearched - 1;
      // A pattern with a quantifier that has an end is a bound, too.
      const isEnding = /^\^[^*+]*\$$/.test((schema.pattern ?? '').replaceAll(/\[[^\]]*\]/g, '.'));
      const isRecord = typeof additionalProperties === 'object' || schema.patternProperties;
      if (type === 'array' && !((schema.maxItems ?? Infinity) <= most)) unbounded.push(place);
      if (type === 'string' && !(schema.maxLength || schema.enum || isEnding))
        unbounded.push(place);
      if (type === 'object' && isRecord && !schema.maxProperties) unbounded.push(place);
      for (const [name, part] of Object.entries(properties)) walk(`${place}/${name}`, part);
      for (const branch of anyOf) walk(`${place}|`, branch);
      if (items !== undefined) walk(`${place}[]`, items);
      const values = Object.values(schema.patternProperties ?? {});
      if (typeof additionalProperties === 'object') values.push(additionalProperties);
      for (const value of values) walk(`${place}{}`, value);
    };
    let bodies = 0;
    for (const { path, method, operation } of operations) {
      const schema = operation.requestBody?.content['application/json']?.schema;
      if (schema === undefined) continue;
      walk(`${method} ${path}`, schema);
      bodies += 1;
    }
    assert.ok(bodies >= 6, `${bodies} bodies`);
    assert.deepEqual(unbounded, []);
  });

  it('has an example of each part of a path', () => {
    for (const { path, operation } of operations) {
      for (const { name, in: place, example } of operation.parameters ?? []) {
        if (place === 'path') assert.ok(example, `${path} ${name}`);
      }
    }
  });

  it("keeps redocly's recommended rules", async () => {
    const config = await createConfig({ extends: ['recommended'] });
    const source = (await bench.app.inject('/docs/json')).body;
    const problems = await lintFromString({ source, config });
    const lines = problems.map(
      ({ severity, ruleId, message, location: [place] }) =>
        `${severity} ${ruleId} ${place?.pointer}: ${message}`,
    );
    assert.deepEqual(lines, []);
  });

  it('has answered all of this as it says', () => {
    assert.deepEqual(bench.faults(), []);
  });
});
