/** The station as its users meet it: a real service on a port of its own, the page built from source, a browser. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import type { AxeResults } from 'axe-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { expect } from 'vitest';
import { launchBrowser } from './browser.ts';
import { startStation, type TestStation } from './support/station.ts';
import { patience } from './support/until.ts';

type Scheme = 'light' | 'dark';

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
  readonly browser: Browser;
  readonly #ownsBrowser: boolean;
  readonly #contexts: BrowserContext[] = [];

  private constructor(own: TestStation, browser: Browser, ownsBrowser: boolean) {
    this.own = own;
    this.browser = browser;
    this.#ownsBrowser = ownsBrowser;
    this.address = `http://127.0.0.1:${(own.app.server.address() as AddressInfo).port}`;
  }

  /** By a browser that somebody else closes, or one of its own. */
  static async of(
    folder: string,
    settings: NonNullable<Parameters<typeof startStation>[1]>,
    browser?: Browser,
  ): Promise<StationVisitor> {
    const own = await startStation(folder, settings);
    await own.app.listen({ host: '127.0.0.1', port: 0 });
    return new StationVisitor(own, browser ?? (await launchBrowser()), browser === undefined);
  }

  async visit(path: string, width = 1280, colorScheme: Scheme = 'light'): Promise<Visit> {
    const context = await this.browser.newContext({ viewport: { width, height: 900 }, colorScheme });
    this.#contexts.push(context);
    const page = await context.newPage();
    page.setDefaultTimeout(patience.condition);
    const complaints: string[] = [];
    const foreign: string[] = [];
    page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => {
      if (!request.url().startsWith(this.address) && !/^(blob|data):/.test(request.url())) foreign.push(request.url());
    });
    await this.#open(page, path);
    return { page, complaints, foreign };
  }

  async #open(page: Page, path: string): Promise<void> {
    await page.goto(`${this.address}/#/${path}`);
    await page.locator('h1').first().waitFor();
  }

  /**
   * Opens each place on a telephone, waits for what shows that it is filled, and expects no serious barrier, no sideways scrolling and no
   * complaint. What stands there is the same in both schemes, so in the dark one only what depends on colours is looked for.
   */
  async expectNoBarriers(
    places: Readonly<Record<string, string>>,
    scheme: Scheme,
    also: (page: Page, place: string) => Promise<void> = async () => {},
  ): Promise<void> {
    let visit: Visit | undefined;
    for (const [place, filled] of Object.entries(places)) {
      if (visit) {
        // loaded anew, from the scripts that the browser has compiled already
        await visit.page.goto('about:blank');
        await this.#open(visit.page, place);
      } else visit = await this.visit(place, 390, scheme);
      const { page, complaints } = visit;
      await page.locator(filled).first().waitFor();
      expect(await seriousViolations(page, scheme), place).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth'), place).toBeLessThanOrEqual(390);
      expect(complaints, place).toEqual([]);
      await also(page, place);
    }
    await visit?.page.context().close();
  }

  /** JSON of the service, past the page. */
  async get<T>(path: string): Promise<T> {
    return (await fetch(`${this.address}${path}`)).json() as Promise<T>;
  }

  async close(): Promise<void> {
    // the station's end would wait for what they have open
    if (this.#ownsBrowser) await this.browser.close();
    else for (const context of this.#contexts) await context.close();
    await this.own.close();
  }
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** The rules of axe-core that ask for colours. */
const ofColours = ['color-contrast', 'link-in-text-block'];

/** Waits for what fades; colours on their way are nobody's. */
const settled = `new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next))).then(() => Promise.all(
  document.getAnimations().filter((one) => one.effect?.getComputedTiming().iterations !== Infinity)
    .map((one) => one.finished.catch(() => undefined))))`;

/** What axe-core finds of serious or critical impact, as `rule: element`; of a page that was looked at in light colours, in dark ones only what depends on them. */
export async function seriousViolations(page: Page, scheme: Scheme = 'light'): Promise<string[]> {
  // half a megabyte, which a page that is looked at twice need not read again
  if (await page.evaluate('typeof axe === "undefined"')) await page.evaluate(axeSource);
  await page.evaluate(settled);
  const options = { resultTypes: ['violations'], ...(scheme === 'dark' && { runOnly: ofColours }) };
  const { violations } = await page.evaluate<AxeResults>(`axe.run(document, ${JSON.stringify(options)})`);
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')} ${failureSummary}`),
    );
}
