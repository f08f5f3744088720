/** Imported before anything else: the page's policy allows no code made at run time; zod would try at its first parse, and be reported. */
import { z } from 'zod';

z.config({ jitless: true });
