/**
 * What the operator's view says, by language. A text that is missing in one does not compile. OK and NG are the same in all, as on the line's
 * lamps and in the records; what the service says itself (a reason, the message of an error) is English.
 */
import type { NotInspected } from '../api/contract.ts';
import type { Outcome } from './outcomes.ts';

export const languages = { en: 'English', de: 'Deutsch', sv: 'Svenska', zh: '中文' } as const;
export type Language = keyof typeof languages;

export const isLanguage = (value: unknown): value is Language =>
  typeof value === 'string' && Object.hasOwn(languages, value);

/** The first of a browser's languages that there is, such as of `de-AT`; else English. */
export const languageOf = (wanted: readonly string[]): Language =>
  wanted.map((tag) => tag.toLowerCase().split('-')[0]).find(isLanguage) ?? 'en';

interface Notice {
  readonly title: string;
  readonly text: string;
}

export interface Texts {
  readonly view: string;
  readonly language: string;
  readonly close: string;
  readonly outcomes: Readonly<Record<Outcome, string>>;
  readonly causes: Readonly<Record<NotInspected['cause'], string>>;
  readonly notices: Readonly<Record<'silent' | 'connecting' | 'no-recipe' | 'first', Notice>>;
  readonly silentFor: (seconds: number) => string;
  readonly noRecipe: string;
  readonly next: string;
  readonly inspecting: string;
  readonly score: string;
  readonly limit: string;
  readonly lookYourself: string;
  readonly before: string;
  readonly unnamed: string;
  readonly severalParts: (count: number) => string;
  readonly justNow: string;
  readonly ago: (count: number, unit: 's' | 'min' | 'h') => string;
}

export const texts: Readonly<Record<Language, Texts>> = {
  en: {
    view: 'Operator view',
    language: 'Language',
    close: 'Close',
    outcomes: { OK: 'OK', REVIEW: 'REVIEW', NG: 'NG', NOT_INSPECTED: 'NOT INSPECTED' },
    causes: {
      refused: 'Image or request refused',
      shed: 'Turned away: too many images',
      late: 'No decision in time',
      lost: 'The sender went away',
      failed: 'The station failed',
    },
    notices: {
      silent: { title: 'NO CONNECTION', text: 'Do not rely on this screen: treat every part as not inspected.' },
      connecting: { title: 'Connecting …', text: '' },
      'no-recipe': { title: 'NO RECIPE', text: 'Nothing is inspected. Call the engineer.' },
      first: { title: 'Waiting for the first part', text: '' },
    },
    silentFor: (seconds) => `No sign of life for ${seconds} s`,
    noRecipe: 'No recipe is active',
    next: 'Waiting for the next part',
    inspecting: 'Inspecting the next part …',
    score: 'Score',
    limit: 'limit',
    lookYourself: 'Look at this part yourself, or let it be sent again.',
    before: 'Parts before, newest first',
    unnamed: 'No part id',
    severalParts: (count) => `${count} parts`,
    justNow: 'just now',
    ago: (count, unit) => `${count} ${unit} ago`,
  },
  de: {
    view: 'Bedieneransicht',
    language: 'Sprache',
    close: 'Schließen',
    outcomes: { OK: 'OK', REVIEW: 'ANSEHEN', NG: 'NG', NOT_INSPECTED: 'NICHT GEPRÜFT' },
    causes: {
      refused: 'Bild oder Anfrage abgelehnt',
      shed: 'Abgewiesen: zu viele Bilder',
      late: 'Keine Entscheidung in der Zeit',
      lost: 'Der Sender hat abgebrochen',
      failed: 'Fehler in der Station',
    },
    notices: {
      silent: {
        title: 'KEINE VERBINDUNG',
        text: 'Diesem Bildschirm nicht vertrauen: Jedes Teil gilt als nicht geprüft.',
      },
      connecting: { title: 'Verbinden …', text: '' },
      'no-recipe': { title: 'KEIN REZEPT', text: 'Es wird nichts geprüft. Rufen Sie die Technik.' },
      first: { title: 'Warten auf das erste Teil', text: '' },
    },
    silentFor: (seconds) => `Seit ${seconds} s kein Lebenszeichen`,
    noRecipe: 'Kein Rezept ist aktiv',
    next: 'Warten auf das nächste Teil',
    inspecting: 'Das nächste Teil wird geprüft …',
    score: 'Wert',
    limit: 'Grenze',
    lookYourself: 'Sehen Sie das Teil selbst an, oder lassen Sie es noch einmal senden.',
    before: 'Teile davor, neueste zuerst',
    unnamed: 'Ohne Teilenummer',
    severalParts: (count) => `${count} Teile`,
    justNow: 'gerade eben',
    ago: (count, unit) => `vor ${count} ${unit}`,
  },
  sv: {
    view: 'Operatörsvy',
    language: 'Språk',
    close: 'Stäng',
    outcomes: { OK: 'OK', REVIEW: 'GRANSKA', NG: 'NG', NOT_INSPECTED: 'EJ KONTROLLERAD' },
    causes: {
      refused: 'Bild eller begäran avvisad',
      shed: 'Avvisad: för många bilder',
      late: 'Inget beslut i tid',
      lost: 'Avsändaren avbröt',
      failed: 'Fel i stationen',
    },
    notices: {
      silent: {
        title: 'INGEN FÖRBINDELSE',
        text: 'Lita inte på skärmen: behandla varje detalj som ej kontrollerad.',
      },
      connecting: { title: 'Ansluter …', text: '' },
      'no-recipe': { title: 'INGET RECEPT', text: 'Ingenting kontrolleras. Kalla på teknikern.' },
      first: { title: 'Väntar på första detaljen', text: '' },
    },
    silentFor: (seconds) => `Inget livstecken på ${seconds} s`,
    noRecipe: 'Inget recept är aktivt',
    next: 'Väntar på nästa detalj',
    inspecting: 'Nästa detalj kontrolleras …',
    score: 'Värde',
    limit: 'gräns',
    lookYourself: 'Titta själv på detaljen, eller låt den skickas igen.',
    before: 'Tidigare detaljer, nyaste först',
    unnamed: 'Utan detaljnummer',
    severalParts: (count) => `${count} detaljer`,
    justNow: 'alldeles nyss',
    ago: (count, unit) => `för ${count} ${unit} sedan`,
  },
  zh: {
    view: '操作员视图',
    language: '语言',
    close: '关闭',
    outcomes: { OK: 'OK', REVIEW: '人工复检', NG: 'NG', NOT_INSPECTED: '未检测' },
    causes: {
      refused: '图像或请求被拒绝',
      shed: '图像过多，已拒收',
      late: '未能按时判定',
      lost: '发送方已断开',
      failed: '检测站故障',
    },
    notices: {
      silent: { title: '连接中断', text: '请勿依据此屏幕：所有零件均视为未检测。' },
      connecting: { title: '正在连接……', text: '' },
      'no-recipe': { title: '没有配方', text: '当前不进行检测。请联系工程师。' },
      first: { title: '等待第一个零件', text: '' },
    },
    silentFor: (seconds) => `已 ${seconds} 秒无响应`,
    noRecipe: '没有启用的配方',
    next: '等待下一个零件',
    inspecting: '正在检测下一个零件……',
    score: '分值',
    limit: '阈值',
    lookYourself: '请人工检查此零件，或重新发送图像。',
    before: '之前的零件，最新在前',
    unnamed: '无零件编号',
    severalParts: (count) => `${count} 个零件`,
    justNow: '刚刚',
    ago: (count, unit) => `${count} ${{ s: '秒', min: '分钟', h: '小时' }[unit]}前`,
  },
};
