/** Where chance comes from, so that tests can repeat it. */
export type RandomSource = {
  bytes(count: number): Uint8Array<ArrayBuffer>;
  uuid(): string;
};

/** The platform's cryptographic source. */
export const cryptoRandom: RandomSource = {
  bytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
  uuid: () => crypto.randomUUID(),
};
