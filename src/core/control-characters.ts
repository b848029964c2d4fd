/**
 * Characters that are no part of a name: a line feed would make two lines of one, an escape sequence or a change of direction would show
 * another text than is there. The station refuses them; the command line shows them by their numbers.
 */

/** Inside of a character class of a regular expression with the flag u: control characters, half surrogates, line ends and directions of Unicode. */
const inside = '\\p{Cc}\\p{Cs}\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069';

/** Matches a text without any, of which something can be seen. */
export const linePattern = `^(?=.*\\S)[^${inside}]*$`;

/** Matches the empty text too. */
export const lineOrNothingPattern = `^[^${inside}]*$`;

const each = new RegExp(`[${inside}]`, 'gu');
const line = new RegExp(linePattern, 'u');

export const isLine = (text: string): boolean => line.test(text);

/** The text on one line, such characters as their numbers: a line feed as \u000a. */
export const onOneLine = (text: string): string =>
  text.replace(each, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** Each line of a text as `onOneLine` gives it. */
export const shownText = (text: string): string => text.split('\n').map(onOneLine).join('\n');
