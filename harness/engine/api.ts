import { existsSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { until } from "../support/until.ts";
import { engine, requireEngine } from "./engine.ts";

/** A podman service of ours ends after this long without a request, also where we were killed. */
const IDLE_SECONDS = 60;

/**
 * Where the engine's API answers, as DOCKER_HOST says it: testcontainers speaks that API, and knows neither docker's contexts
 * nor podman, which serves it only when it is told to.
 * @param directory a private one, for the socket of such a service; it must outlive the caller's use of the API
 */
export async function engineApi(directory: string): Promise<string> {
  const { command } = await requireEngine();
  if (command === "docker") {
    const { stdout } = await engine(["context", "inspect", "--format", "{{.Endpoints.docker.Host}}"]);
    return stdout.trim();
  }
  const socket = join(directory, "podman.sock");
  const service = ["system", "service", "--time", String(IDLE_SECONDS), `unix://${socket}`];
  void execa(command, service, { stdio: "ignore", reject: false }); // what it lacks shows below
  await until("podman to serve its API", async () => existsSync(socket));
  return `unix://${socket}`;
}
