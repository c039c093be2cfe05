/** Node images: present in the engine, pulled, or built from source modules. */
export { buildImage, ensureImage, findImage, type NodeImage } from "./image.ts";
export { type ListedImage, listImages } from "./store.ts";
export { resolveVersion } from "./versions.ts";
