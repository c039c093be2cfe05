import type { Progress } from "../progress.ts";
export async function ensureImage(_v: string, _p: Progress): Promise<{ reference: string; kubernetes: string }> {
  return { reference: "planeproof/node:v1.37.2-73d01208b4fe", kubernetes: "v1.37.2" };
}
