/** The station's profile as last heard, sealed: a shift that begins without the server needs its line and its rules. Shell only. */
import { type StationProfile, stationProfileSchema } from '#shared/server/api.ts';
import { readSealedState, type StationDatabase } from './database.ts';
import { open, seal } from './seal.ts';

const binding = 'profile';

export async function keepProfile(database: StationDatabase, key: CryptoKey, profile: StationProfile): Promise<void> {
  await database.state.put({ name: 'profile', sealed: await seal(key, JSON.stringify(profile), binding) });
}

/** null when none was kept, or when what was kept is of another version. */
export async function keptProfile(database: StationDatabase, key: CryptoKey): Promise<StationProfile | null> {
  const sealed = await readSealedState(database, 'profile');
  if (sealed === undefined) return null;
  const parsed = stationProfileSchema.safeParse(JSON.parse(await open(key, sealed, binding)));
  return parsed.success ? parsed.data : null;
}
