/**
 * "planeproof/channel": what a channel.ts and clusters/index.ts need. It loads at once: the command line reads all of them
 * before a boot.
 */
export { kubernetes } from "./claim/documented.ts";
export type { KnownExposure } from "./claim/exposure.ts";
export { type Channel, channel } from "./results/channel.ts";
