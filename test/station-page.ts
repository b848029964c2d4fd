/** The station as its users meet it: a real service on a port of its own, the page built from source, a browser. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from './browser.ts';
import { startStation, type TestStation } from './support/station.ts';
import { patience } from './support/until.ts';

export interface Visit {
  readonly page: Page;
  /** Messages of the console (a broken content security policy is one), and errors. */
  readonly complaints: string[];
  /** Requests to anything but the station. */
  readonly foreign: string[];
}

export class StationVisitor {
  readonly own: TestStation;
  readonly address: string;
  readonly #browser: Browser;

  private constructor(own: TestStation, browser: Browser) {
    this.own = own;
    this.#browser = browser;
    this.address = `http://127.0.0.1:${(own.app.server.address() as AddressInfo).port}`;
  }

  static async of(folder: string, settings: NonNullable<Parameters<typeof startStation>[1]>): Promise<StationVisitor> {
    const own = await startStation(folder, settings);
    await own.app.listen({ host: '127.0.0.1', port: 0 });
    return new StationVisitor(own, await launchBrowser());
  }

  async visit(path: string, width = 1280, colorScheme: 'light' | 'dark' = 'light'): Promise<Visit> {
    const context = await this.#browser.newContext({ viewport: { width, height: 900 }, colorScheme });
    const page = await context.newPage();
    page.setDefaultTimeout(patience.condition);
    const complaints: string[] = [];
    const foreign: string[] = [];
    page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => {
      if (!request.url().startsWith(this.address) && !/^(blob|data):/.test(request.url())) foreign.push(request.url());
    });
    await page.goto(`${this.address}/#/${path}`);
    await page.locator('h1').first().waitFor();
    return { page, complaints, foreign };
  }

  /** JSON of the service, past the page. */
  async get<T>(path: string): Promise<T> {
    return (await fetch(`${this.address}${path}`)).json() as Promise<T>;
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.own.close();
  }
}

const axeSource = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** What axe-core finds of serious or critical impact, as `rule: element`. */
export async function seriousViolations(page: Page): Promise<string[]> {
  await page.evaluate(await readFile(axeSource, 'utf8'));
  const { violations } = await page.evaluate<AxeResults>('axe.run(document, { resultTypes: ["violations"] })');
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')} ${failureSummary}`),
    );
}
