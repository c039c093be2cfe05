/** "planeproof/nodes": files, processes, sockets and packets of a cluster's nodes. */
export {
  argumentOf,
  type Endpoint,
  endpointOf,
  loopbackFor,
} from "./cluster/endpoints.ts";
export { originOfFile } from "./cluster/origin.ts";
export { fileModes, readFile, writeFile } from "./node/files.ts";
export { Node } from "./node/node.ts";
export { type Capture, canCapture, capture } from "./node/packet-capture.ts";
export { type ScannedPort, scanPorts } from "./node/port-scan.ts";
export { flag, flags, type Process, processes, processOf } from "./node/processes.ts";
export {
  callersOf,
  connections,
  connectionsOf,
  cutConnection,
  type Listener,
  listeners,
} from "./node/sockets.ts";
