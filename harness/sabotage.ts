/** "planeproof/sabotage": what mutants are made with. Each step waits until it is in effect, and returns what undoes it. */
export {
  addArgument,
  apiServerReady,
  EVERYTHING,
  editFile,
  editKubeconfig,
  editKubeletConfig,
  editManifest,
  grant,
  replaceByAdminConf,
  restartComponent,
  restartKubelet,
  runAsAdmin,
} from "./mutant/sabotage.ts";
export type { Undo } from "./support/undo.ts";
