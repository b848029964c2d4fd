/** What classes of YOLO are called: lists beside the labels. */
import { join } from 'node:path';
import { type Fields, invalid, isFields, readText } from '../document.ts';
import type { AnnotatedFolder } from '../folder.ts';

function namesOfYaml(value: Fields): string[] | undefined {
  const { names } = value;
  if (Array.isArray(names)) return names.map(String);
  if (!isFields(names)) return undefined;
  const list: string[] = [];
  for (const [index, name] of Object.entries(names)) if (/^\d{1,4}$/.test(index)) list[Number(index)] = String(name);
  return list;
}

const linesOf = (text: string): string[] =>
  text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter(Boolean);

const chosen = /(^|\/)(classes\.txt|obj\.names)$/i;
const offered = /(^|\/)predefined_classes\.txt$/i;

interface Classes {
  readonly file: string;
  readonly names: readonly string[] | undefined;
  /** Lines hold key points behind a box, which would look like a segment. */
  readonly keyPoints: boolean;
}

async function classesOfYaml(root: string, file: string): Promise<Classes> {
  const { parse } = await import('yaml');
  const text = await readText(join(root, file));
  try {
    const value: unknown = parse(text, { maxAliasCount: 10 });
    if (!isFields(value)) return { file, names: undefined, keyPoints: false };
    return { file, names: namesOfYaml(value), keyPoints: value['kpt_shape'] !== undefined };
  } catch (cause) {
    throw invalid(file, `not YAML (${(cause as Error).message.split('\n')[0]}); correct it`, cause);
  }
}

/**
 * What data.yaml, classes.txt or obj.names say of classes; undefined when none lies there. Throws ANNOTATION_INVALID where two
 * of them differ: one may call good what the other calls a defect.
 */
export async function classesOf({ root, files }: AnnotatedFolder): Promise<Classes | undefined> {
  // labelImg's list of what is offered says less than one of what was used
  const isList = files.some((file) => chosen.test(file) || /\.ya?ml$/i.test(file)) ? chosen : offered;
  const found: Classes[] = [];
  for (const file of files) {
    if (/\.ya?ml$/i.test(file)) found.push(await classesOfYaml(root, file));
    else if (isList.test(file))
      found.push({ file, names: linesOf(await readText(join(root, file))), keyPoints: false });
  }
  const keyPoints = found.some((one) => one.keyPoints);
  const [first, ...more] = found.filter(({ names }) => names !== undefined);
  const other = more.find(({ names }) => JSON.stringify(names) !== JSON.stringify(first?.names));
  if (first && other)
    throw invalid(other.file, `it names the classes otherwise than ${first.file}; keep the list that is right`);
  return first ? { ...first, keyPoints } : keyPoints ? { file: '', names: undefined, keyPoints } : undefined;
}
