/** What the practice customers say, read; in practice only. Hostile until parsed. */
import { z } from 'zod';
import { textSchema } from '#shared/text.ts';
import type { CaptionView } from '../app/view.ts';

const captionSchema = z.object({ speaker: textSchema, zh: z.string().max(500), en: z.string().max(500) });

export function captionsOf(notes: readonly string[]): CaptionView[] {
  return notes.flatMap((body, id) => {
    try {
      const { speaker, zh, en } = captionSchema.parse(JSON.parse(body));
      return [{ id, speaker, text: { zh, en }, mine: false }];
    } catch {
      return []; // not a caption: nothing to show
    }
  });
}
