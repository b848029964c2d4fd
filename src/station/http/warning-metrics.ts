/** What Prometheus reads of what may hurt soon. */
import { Gauge, type Registry } from 'prom-client';
import type { Station } from '../station.ts';
import type { Warnings } from '../warnings/warnings.ts';

export function addWarningMetrics(
  register: Registry,
  { alarms }: Pick<Station, 'alarms'>,
  warnings: Warnings | undefined,
): void {
  const registers = [register];
  new Gauge({
    name: 'felfri_alarms',
    help: 'Alarms that stand, by what they are about',
    labelNames: ['kind'],
    registers,
    collect() {
      this.reset();
      for (const { kind } of alarms.all) this.inc({ kind });
    },
  });
  if (!warnings) return;
  new Gauge({
    name: 'felfri_disk_free_bytes',
    help: 'What is left on the disk of the data folder',
    labelNames: ['disk'],
    registers,
    collect() {
      this.reset();
      if (warnings.outlook.freeBytes !== null) this.set({ disk: 'data' }, warnings.outlook.freeBytes);
    },
  });
  new Gauge({
    name: 'felfri_disk_days_left',
    help: 'Days until that disk is full, as it filled lately; +Inf while it does not fill, absent in the first six hours',
    labelNames: ['disk'],
    registers,
    collect() {
      this.reset();
      if (warnings.outlook.daysLeft !== null) this.set({ disk: 'data' }, warnings.outlook.daysLeft);
    },
  });
  new Gauge({
    name: 'felfri_certificate_end_seconds',
    help: 'When a certificate of the station runs out, seconds since 1970',
    labelNames: ['certificate'],
    registers,
    collect() {
      this.reset();
      for (const { id, to } of warnings.outlook.certificates) this.set({ certificate: id }, to.getTime() / 1000);
    },
  });
}
