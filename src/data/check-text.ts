/**
 * The data check as text for a terminal.
 */
import type { DataCheck, Range } from './check.ts';
import { problemLines } from './problems-text.ts';

/** From here on a detector's AUROC says little, because the images' mean brightness says as much. */
const strongBaseline = 0.7;

const span = ({ min, max, median }: Range): string => (min === max ? `${min}` : `${min} to ${max} (median ${median})`);

/** The sizes of the images that could be read. */
function sizeLine({ width, height, differentSizes }: DataCheck): string | undefined {
  if (!width || !height) return undefined;
  if (differentSizes === 1) return `Size: ${width.min} x ${height.min} pixels, all images`;
  return `Width ${span(width)}, height ${span(height)}, ${differentSizes} different sizes`;
}

/** At most `most` items, one per line, and how many more there are. */
function listed(title: string, items: readonly string[], most = 10): string[] {
  if (items.length === 0) return [];
  const shown = items.slice(0, most).map((item) => `  ${item}`);
  const rest = items.length > most ? [`  and ${items.length - most} more`] : [];
  return [`${title}: ${items.length}`, ...shown, ...rest];
}

function nearCopyLines({ nearCopies }: DataCheck): string[] {
  if (nearCopies === null) return ['Near copies were not looked for.'];
  const { pairs, images, acrossGroups, statedApart, acrossLabels, unknown, likenessFrom } = nearCopies;
  const few = likenessFrom === null ? ' (with so few images only equal files could be looked for)' : '';
  if (pairs === 0) return [`Near copies: none${few}`];
  const lines = [
    `Near copies: ${pairs} pairs over ${images} images look like one part; ${acrossGroups} pairs lie in different part groups, ${acrossLabels} are good and defective`,
  ];
  for (const { one, other, similarity } of unknown) lines.push(`  ${similarity.toFixed(3)} ${one} = ${other}`);
  if (acrossGroups > unknown.length) lines.push(`  and ${acrossGroups - unknown.length} more`);
  if (acrossGroups > statedApart) lines.push('  A fold may divide these; felfri data groups proposes part groups.');
  if (statedApart > 0) lines.push('  Stated part groups are believed; correct them where such a pair shows one part.');
  return lines;
}

/** Formats a data check: what was recognised, what is odd, what leaks, and the brightness baseline. Ends without a newline. */
export function formatDataCheck(check: DataCheck): string {
  const lines = [check.root, ...check.notes.map((note) => `  ${note}`), ''];
  const sizes = sizeLine(check);
  if (sizes !== undefined) {
    lines.push(sizes);
    const channels = Object.entries(check.channels).map(([kind, n]) => `${n} of ${kind}`);
    lines.push(`Channels: ${channels.join(', ')}`);
  }
  const { problems } = check;
  if (problems.length > 0)
    lines.push(`Problems: ${problems.length}`, ...problemLines(problems).map((line) => `  ${line}`));
  lines.push(...listed('Empty masks of defective images (MASK_EMPTY; a U-Net learns none of these)', check.emptyMasks));
  if (check.softMasks > 0) {
    lines.push(
      `Masks with values between black and mark: ${check.softMasks}; each blob is defect from half its own brightest value`,
    );
  }
  lines.push(...listed('Defective images without mask', check.defectiveWithoutMask));
  lines.push(
    ...listed(
      'Good images whose mask shows a defect (MASK_UNCLEAR; neither flow nor U-Net learns them: correct one of the two)',
      check.goodWithDefect,
    ),
  );
  lines.push(...listed('Masks that belong to no image', check.unusedMasks));
  lines.push(...listed('Image files that the manifest does not name, and that are not used', check.unlisted));
  lines.push(...listed('Images of another depth than most', check.otherBitDepths));
  const duplicates = check.duplicates.map(({ names, acrossLabels, acrossGroups }) => {
    const what = [acrossLabels && 'good and defective at once', acrossGroups && 'several part groups'].filter(Boolean);
    return names.join(' = ') + (what.length > 0 ? ` (${what.join(', ')})` : '');
  });
  lines.push(...listed('Equal files', duplicates), ...nearCopyLines(check));
  if (check.published) {
    lines.push('', 'Published split', ...check.published.notes.map((note) => `  ${note}`));
  }
  lines.push('');
  if (check.brightness) {
    const { auroc, defectiveAre } = check.brightness;
    lines.push(`Brightness baseline: AUROC ${auroc.toFixed(3)} (defective images are ${defectiveAre})`);
    if (auroc >= strongBaseline) {
      lines.push('  Mean brightness alone separates these images well; judge every figure against it.');
    }
  } else lines.push('Brightness baseline: needs good and defective images');
  return lines.join('\n');
}
