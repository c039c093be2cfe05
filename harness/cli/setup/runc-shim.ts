/**
 * The text of a runtime wrapper that takes capabilities out of what the engine asks for, then runs runc: where a
 * capability is missing from the bounding set, runc refuses each privileged container ("unable to apply caps").
 *
 * It runs for every container and every `docker exec`, hence a shell and one sed (2 ms; jq takes 30). The engine writes
 * its JSON without white space and escapes quotes inside strings, so the pattern meets nothing but the lists below
 * `process.capabilities`.
 *
 * @param missing names of capabilities (`CAP_SYS_RESOURCE`), at least one
 * @param runc the path of the real runc
 */
export function runcShim(missing: string[], runc: string): string {
  const names = missing.join("|");
  const lists = '("capabilities":\\{[^}]*)';
  return `#!/bin/sh
# Written by planeproof. This machine cannot give a container ${missing.join(", ")}:
# takes that out of what is asked of runc, in the bundle's config.json and in the process of an exec.
without() {
  sed -i -E -e :next \\
    -e 's/${lists}"(${names})",/\\1/; t next' \\
    -e 's/${lists},"(${names})"/\\1/; t next' \\
    -e 's/${lists}"(${names})"/\\1/; t next' "$1"
}
previous=
for argument; do
  case $previous in
    --bundle) without "$argument/config.json" ;;
    --process) without "$argument" ;;
  esac
  previous=$argument
done
exec '${runc}' "$@"
`;
}
