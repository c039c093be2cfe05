/** "planeproof/sabotage": what mutants are made with. Each step returns what undoes it. */
export {
  apiServerReady,
  EVERYTHING,
  editFile,
  editManifest,
  grant,
  restartComponent,
  restartKubelet,
} from "./mutant/sabotage.ts";
