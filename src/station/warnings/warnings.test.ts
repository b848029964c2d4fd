/** What will hurt is said in time, once for each step, and taken back; what is well says nothing. */
import { execFileSync } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolders } from '../../../test/support/folder.ts';
import { Alarms } from '../alarms.ts';
import { addWarningMetrics } from '../http/warning-metrics.ts';
import type { Records } from '../records/records.ts';
import { certificateWarning, opcuaValidities, validityOf } from './certificates.ts';
import { ClockSteps, serverClockWarning } from './clock-steps.ts';
import { DiskTrend, diskWarning } from './disk.ts';
import { Warnings } from './warnings.ts';

const folder = temporaryFolders();
const HOUR = 3600 * 1000;
const DAY = 24 * HOUR;

describe('the disk', () => {
  const trendOf = (hours: number, free: (hour: number) => number): DiskTrend => {
    const trend = new DiskTrend();
    for (let minute = 0; minute <= hours * 60; minute++) trend.add({ at: minute * 60_000, free: free(minute / 60) });
    return trend;
  };

  it('says when it is full by how it filled, once it was watched for six hours', () => {
    const filling = (hour: number): number => 100e9 - hour * 1e9;
    expect(trendOf(5.9, filling).daysLeft).toBeUndefined();
    expect(trendOf(6.1, filling).daysLeft).toBeCloseTo((100 - 6.1) / 24, 1);
    // a backup that came and went leaves the trend as it was, more or less
    const bumped = trendOf(24, (hour) => filling(hour) - (hour > 10 && hour < 11 ? 20e9 : 0));
    expect(bumped.daysLeft).toBeGreaterThan(2.5);
    expect(bumped.daysLeft).toBeLessThan(4);
    expect(trendOf(24, () => 100e9).daysLeft).toBe(Number.POSITIVE_INFINITY);
    expect(trendOf(24, (hour) => 10e9 + hour * 1e9).daysLeft).toBe(Number.POSITIVE_INFINITY);
  });

  it('warns by steps, and by what is left however slowly that goes', () => {
    const said = (free: number, days?: number) => diskWarning(free, 1e12, days);
    expect(said(500e9)).toBeNull();
    expect(said(500e9, 8)).toBeNull();
    expect(said(500e9, 6.9)).toMatch(/full within 7 days/);
    expect(said(500e9, 2.9)).toBe(said(400e9, 1.5));
    expect(said(500e9, 0.2)).toMatch(/full within a day/);
    expect(said(4.9e9)).toMatch(/less than 5 GB are left/);
    expect(said(4.9e9, Number.POSITIVE_INFINITY)).toMatch(/less than 5 GB/);
    expect(diskWarning(15e6, 16e6, undefined)).toBeNull();
    expect(diskWarning(0.7e6, 16e6, undefined)).toMatch(/less than 1 MB/);
  });
});

describe('the clock', () => {
  it('tells for an hour that it was set, either way, and nothing of a slow look', () => {
    let [wall, steady] = [1e12, 5000];
    const steps = new ClockSteps({ wall: () => wall, steady: () => steady });
    const passing = (passed: number, set = 0): string | null => {
      [wall, steady] = [wall + passed + set, steady + passed];
      return steps.look();
    };
    expect(passing(600_000, 1500)).toBeNull();
    expect(passing(60_000, 7200_000)).toMatch(/went ahead by 7200 seconds/);
    expect(passing(59 * 60_000)).toMatch(/ahead by 7200/);
    expect(passing(2 * 60_000)).toBeNull();
    expect(passing(60_000, -5000)).toMatch(/went back by 5 seconds/);
  });

  it('tells that the database goes by another one', () => {
    expect(serverClockWarning(4999)).toBeNull();
    expect(serverClockWarning(6000)).toMatch(/ahead of the station's/);
    expect(serverClockWarning(-6000)).toMatch(/behind the station's/);
  });
});

describe('a certificate', () => {
  let pem: Buffer;
  let data: string;
  beforeAll(async () => {
    data = await folder();
    const certs = join(data, 'opcua', 'plc', 'pki', 'own', 'certs');
    await mkdir(certs, { recursive: true });
    const [key, cert] = [join(data, 'key.pem'), join(certs, 'certificate.pem')];
    const args = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '20', '-subj', '/CN=station'];
    execFileSync('openssl', [...args, '-keyout', key, '-out', cert], { stdio: 'ignore' });
    pem = await readFile(cert);
  });

  it('warns before it runs out, by steps', () => {
    const one = validityOf('https', pem);
    const at = (days: number) => certificateWarning(one, new Date(one.to.getTime() - days * DAY));
    const early = { ...one, from: new Date(one.to.getTime() - 400 * DAY) };
    expect(certificateWarning(early, new Date(one.to.getTime() - 31 * DAY))).toBeNull();
    expect(at(19)).toMatch(/within 30 days/);
    expect(at(6.9)).toMatch(/within 7 days/);
    expect(at(0.5)).toMatch(/within a day/);
    expect(at(-1)).toMatch(/ran out/);
    expect(certificateWarning(one, new Date(one.from.getTime() - HOUR))).toMatch(/not valid before/);
  });

  it('is an alarm, of HTTPS and of an OPC UA server, until it is renewed', async () => {
    expect(await opcuaValidities(data)).toEqual([validityOf('opcua plc', pem)]);
    const alarms = new Alarms(data);
    const records = { serverClockAhead: async () => 9000 } as unknown as Records;
    const warnings = new Warnings({ folder: data, alarms, records, certificate: pem });
    await warnings.look();
    await warnings.look();
    expect(alarms.all.filter(({ kind }) => kind !== 'disk').map(({ kind, id, code }) => [kind, id, code])).toEqual([
      ['certificate', 'https', 'CERTIFICATE_ENDS'],
      ['certificate', 'opcua plc', 'CERTIFICATE_ENDS'],
      ['clock', 'database', 'CLOCK_DIFFERS'],
    ]);
    expect(warnings.outlook).toMatchObject({ freeBytes: expect.any(Number), daysLeft: null });
    const register = new Registry();
    addWarningMetrics(register, { alarms }, warnings);
    const metrics = (await register.metrics()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    const end = validityOf('https', pem).to.getTime() / 1000;
    expect(metrics).toEqual(
      expect.arrayContaining([
        'felfri_alarms{kind="certificate"} 2',
        expect.stringMatching(/^felfri_disk_free_bytes\{disk="data"\} \d+$/),
        `felfri_certificate_end_seconds{certificate="https"} ${end}`,
      ]),
    );
    // nothing is told of what is not known
    expect(metrics.filter((line) => /days_left|nan/i.test(line))).toEqual([]);
    // as if it had just been made for long
    const { from } = validityOf('https', pem);
    await warnings.look(new Date(from.getTime() - 1));
    expect(alarms.all.find(({ id }) => id === 'https')!.message).toMatch(/^certificate \(https\): .*not valid before/);
  });
});
