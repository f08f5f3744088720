/** Whose line a number is that was named in a call; null: a change of a known contact, or a station that did not say. */
export const toldNumbers = {
  name: '0005-told-numbers',
  statements: ['alter table contact_changes add column role text', 'alter table contact_changes add column owner text'],
} as const;
