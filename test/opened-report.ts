/** A report as its reader opens it: from a file, in a browser, with everything noted that it complains of or asks for. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from './browser.ts';

export interface OpenedReport {
  readonly page: Page;
  /** Messages of the console, and errors. */
  readonly complaints: string[];
  readonly requests: string[];
}

export class ReportReader {
  readonly url: string;
  readonly #browser: Browser;
  readonly #folder: string;

  private constructor(browser: Browser, folder: string, url: string) {
    this.#browser = browser;
    this.#folder = folder;
    this.url = url;
  }

  static async of(html: string): Promise<ReportReader> {
    const folder = await mkdtemp(join(tmpdir(), 'felfri-report-'));
    const path = join(folder, 'report.html');
    await writeFile(path, html);
    return new ReportReader(await launchBrowser(), folder, pathToFileURL(path).href);
  }

  async open(width: number, colorScheme: 'light' | 'dark' = 'light'): Promise<OpenedReport> {
    const page = await this.#browser.newPage({ viewport: { width, height: 900 }, colorScheme });
    const complaints: string[] = [];
    const requests: string[] = [];
    page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(this.url);
    return { page, complaints, requests };
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await rm(this.#folder, { recursive: true });
  }
}

export const texts = (page: Page, selector: string): Promise<string[]> => page.locator(selector).allInnerTexts();

/** Computed style of the first element that the selector matches. */
export function styleOf(page: Page, selector: string, property: string): Promise<string> {
  return page.evaluate<string>(`getComputedStyle(document.querySelector('${selector}')).${property}`);
}

/** Relative luminance and contrast as WCAG 2 defines them. */
export function contrast(a: string, b: string): number {
  const luminance = (colour: string) => {
    const [r, g, b] = colour.match(/[\d.]+/g)!.map((text) => {
      const c = Number(text) / 255;
      return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
  };
  const [dark, light] = [luminance(a), luminance(b)].sort((p, q) => p - q);
  return (light! + 0.05) / (dark! + 0.05);
}

/** Levels of the headings in their order, such as [1, 2, 3, 2]. */
export async function headingLevels(page: Page): Promise<number[]> {
  const names = await page.locator('h1, h2, h3, h4, h5, h6').evaluateAll((all) => all.map((h) => String(h.tagName)));
  return names.map((name) => Number(name.slice(1)));
}
