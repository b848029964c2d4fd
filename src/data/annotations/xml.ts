/**
 * XML as a tree, for CVAT and Pascal VOC. A document type is refused, so that there are no entities to expand and none to
 * fetch; depth is bounded.
 */
import { FelfriError } from '../../core/errors.ts';
import { invalid } from './document.ts';

export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** The text directly within it, trimmed. */
  readonly text: string;
}

type Open = { name: string; attributes: Record<string, string>; children: XmlElement[]; text: string };

const deepest = 64;

/** The root element. Throws ANNOTATION_INVALID for what is not well-formed, has a document type, or is nested too deeply. */
export async function parseXml(text: string, file: string): Promise<XmlElement> {
  // loaded here, as few folders hold XML
  const { SaxesParser } = await import('saxes');
  const parser = new SaxesParser();
  const open: Open[] = [];
  let root: XmlElement | undefined;
  parser.on('doctype', () => {
    throw invalid(file, 'a document type (<!DOCTYPE>); legal is XML without one: remove that line');
  });
  parser.on('error', (cause) => {
    throw invalid(file, `not well-formed XML (${cause.message}); export it again`, cause);
  });
  parser.on('opentag', ({ name, attributes }) => {
    if (open.length >= deepest) throw invalid(file, `elements more than ${deepest} deep; export it again`);
    open.push({ name, attributes, children: [], text: '' });
  });
  parser.on('text', (piece) => {
    const current = open.at(-1);
    if (current) current.text += piece;
  });
  parser.on('closetag', () => {
    const done = open.pop()!;
    const element = { ...done, text: done.text.trim() };
    if (open.length === 0) root = element;
    else open.at(-1)!.children.push(element);
  });
  try {
    parser.write(text).close();
  } catch (cause) {
    if (cause instanceof FelfriError) throw cause;
    throw invalid(file, `not well-formed XML (${(cause as Error).message}); export it again`, cause);
  }
  if (root === undefined) throw invalid(file, 'no XML element; export it again');
  return root;
}

export const childrenOf = (element: XmlElement, name: string): XmlElement[] =>
  element.children.filter((child) => child.name === name);

export const childText = (element: XmlElement, name: string): string | undefined =>
  element.children.find((child) => child.name === name)?.text;
