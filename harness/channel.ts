/** "planeproof/channel": what a channel.ts needs. It loads at once: the command line reads all of them before a boot. */
export { type Channel, channel } from "./results/channel.ts";
