/** When a number is well called, JSON of `slotSchema`; null: nobody said. */
export const slots = {
  name: '0006-slots',
  statements: ['alter table contact_changes add column slot text'],
} as const;
