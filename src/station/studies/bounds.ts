/** How large a study may be: an answer writes the appraiser's own file anew. */
export const studyBounds = { parts: 300, trials: 5, pauseMinutes: 10_080 } as const;
