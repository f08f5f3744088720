/** A refresh token knows which one it came from (a lost answer may be asked for again), a station which wrapped data key is its own. */
export const renewalAndKeys = {
  name: '0002-renewal-and-keys',
  statements: [
    'alter table refresh_tokens add column predecessor text',
    'create index refresh_tokens_by_predecessor on refresh_tokens (predecessor) where predecessor is not null',
    'create index refresh_tokens_by_session on refresh_tokens (session)',
    'alter table stations add column wrapped_key_hash text',
    'create index stations_by_wrapped_key on stations (wrapped_key_hash) where wrapped_key_hash is not null',
    'create index sessions_by_station on sessions (station) where real_revoked_at is null',
  ],
} as const;
