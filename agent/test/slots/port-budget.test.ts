import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { neededPorts } from '@oversoak/contracts';
import { clientPorts, overBudget } from '../../src/slots/port-budget.ts';

describe('the budget of client ports', () => {
  it("is 90 % of the dynamic ports, each in use for the system's TIME_WAIT", () => {
    const linux = (text: string | null) => clientPorts({ system: 'linux', text });
    assert.deepEqual(linux('32768\t60999\n'), { budget: 25_408, timeWaitSeconds: 60 });
    assert.equal(linux('nonsense').budget, 14_745);
    assert.equal(linux(null).budget, 14_745);
  });

  it('is read from netsh on Windows, whatever its language', () => {
    const windows = (text: string | null) => clientPorts({ system: 'windows', text });
    const shown = (start: string, count: string, first: number, ports: number) =>
      `\r\nProtocol tcp Dynamic Port Range\r\n---------------------------------\r\n${start} : ${first}\r\n${count} : ${ports}\r\n\r\n`;
    const asInstalled = { budget: 14_745, timeWaitSeconds: 120 };
    assert.deepEqual(
      windows(shown('Start Port     ', 'Number of Ports', 49_152, 16_384)),
      asInstalled,
    );
    const german = shown('Startport      ', 'Anzahl von Ports', 10_000, 55_000);
    assert.deepEqual(windows(german), { budget: 49_500, timeWaitSeconds: 120 });
    assert.deepEqual(windows(null), asInstalled);
  });

  const needed = (sessions: number, disconnectsPerSecond = 0) =>
    neededPorts({ sessions, disconnectsPerSecond, abortiveShare: 0, churnSeconds: 600 }, 120);

  it('is shared by the fleets of a machine', () => {
    assert.equal(overBudget(needed(5_000), 9_000, 14_745), null);
    assert.match(
      overBudget(needed(6_000), 9_000, 14_745) ?? '',
      /^6000 sessions in addition to 9000 ports of other fleets do not fit/,
    );
    assert.match(overBudget(needed(15_000), 0, 14_745) ?? '', /^15000 sessions do not fit/);
  });

  it('is exhausted by churn with orderly closes', () => {
    assert.equal(overBudget(needed(1_000, 100), 0, 14_745), null);
    assert.equal(
      overBudget(needed(1_000, 120), 0, 14_745),
      '1000 sessions + 14400 ports in TIME_WAIT (120 graceful disconnects/s × 120 s) = 15400 ports ' +
        'do not fit the client port budget of 14745',
    );
  });
});
