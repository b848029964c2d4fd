/** Names that differ in capital letters, or in how an accent is stored, alone: Windows and macOS take them for one. */
export const folded = (name: string): string => name.normalize('NFC').toLowerCase();
