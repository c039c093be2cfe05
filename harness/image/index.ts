/** Node images: present in the engine, pulled, or built from source modules. */
export { buildImage, ensureImage, findImage } from "./image.ts";
export { ensureLoadBalancer } from "./load-balancer.ts";
export { versionOfImage } from "./own-image.ts";
export { listImages } from "./store.ts";
