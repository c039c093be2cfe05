/** "planeproof/nodes": files, processes, sockets and packets of a cluster's nodes. */
export {
  argumentOf,
  type Endpoint,
  endpointOf,
  loopbackFor,
} from "./cluster/endpoints.ts";
export { fileModes, readFile, writeFile } from "./node/files.ts";
export { Node } from "./node/node.ts";
export { type Capture, canCapture, capture } from "./node/packet-capture.ts";
export { type ScannedPort, scanPorts } from "./node/port-scan.ts";
export { flag, flags, type Process, processes, processOf } from "./node/processes.ts";
export { connections, connectionsOf, cutConnection, type Listener, listeners } from "./node/sockets.ts";
