import type { ControlKind } from "../results/vocabulary.ts";
import type { Control, Scene, Step } from "./control.ts";

/** Something that runs on a node, as a part of several: a kubelet, a member of etcd. */
interface Instance {
  node: { name: string };
}

/**
 * The same controls for each instance of a component, each exchange side by side on all of them:
 * `onEach(lab.kubelets, (kubelet) => ({ works: […], refused: […] }))`. Where there are several instances, a control's name
 * ends with its node's: "…, on worker", or "…, through control-plane2" where `where` says so.
 */
export async function onEach<I extends Instance, const S extends Scene>(
  instances: readonly I[],
  controlsOf: (instance: I) => S | Promise<S>,
  where: "on" | "through" = "on",
): Promise<S> {
  const scenes = await Promise.all(
    instances.map(async (instance) => {
      const scene = await controlsOf(instance);
      return instances.length > 1 ? named(scene, where, instance.node.name) : scene;
    }),
  );
  return sideBySide(scenes) as S; // the same lists as each instance has, with an array for each control
}

/**
 * The controls of two scenes as those of one, which may still be in the making: both are awaited at once, so that the failure
 * of the one does not leave that of the other to nobody. A change of scene is the second one's.
 */
export async function together<const A extends Scene, const B extends Scene>(
  making: A | Promise<A>,
  other: B | Promise<B>,
): Promise<A & B> {
  const [first, second] = await Promise.all([making, other]);
  const list = <K extends "works" | "observed" | "refused">(kind: K) => {
    const steps = [...(first[kind] ?? []), ...(second[kind] ?? [])];
    return steps.length > 0 ? { [kind]: steps } : {};
  };
  return { ...first, ...second, ...list("works"), ...list("observed"), ...list("refused") };
}

function named(scene: Scene, where: string, node: string): Scene {
  const onNode = <K extends ControlKind>(control: Control<K>) => {
    const { of, nodes } = control.instance ?? { of: control.name, nodes: [] };
    const instance = { of, nodes: [...nodes, node] };
    return { ...control, name: `${control.name}, ${where} ${node}`, instance };
  };
  const rename = <K extends ControlKind>(steps: readonly Step<K>[] | undefined) =>
    steps?.map((step) => [step].flat().map(onNode));
  const { works, observed, refused, afterwards } = scene;
  return {
    ...(works && { works: rename(works) }),
    ...(observed && { observed: rename(observed) }),
    ...(refused && { refused: rename(refused) }),
    ...(afterwards && { afterwards: { ...afterwards, ...named(afterwards, where, node) } }),
  } as Scene;
}

function sideBySide(scenes: readonly Scene[]): Scene {
  const changes = scenes.flatMap(({ afterwards }) => afterwards ?? []);
  const [change] = changes;
  return {
    ...zipped("works", scenes),
    ...zipped("observed", scenes),
    ...zipped("refused", scenes),
    ...(change && {
      afterwards: {
        ...sideBySide(changes),
        what: change.what,
        change: async () => {
          for (const { change } of changes) await change();
        },
      },
    }),
  };
}

/** The lists of one kind as one list, without those that are not there: spread over another scene it takes nothing away. */
function zipped<K extends "works" | "observed" | "refused">(kind: K, scenes: readonly Scene[]): Scene {
  const lists = scenes.map((scene) => scene[kind] ?? []);
  const longest = Math.max(0, ...lists.map(({ length }) => length));
  const steps = Array.from({ length: longest }, (_, at) => lists.flatMap((list) => list[at] ?? []));
  return longest > 0 ? { [kind]: steps } : {};
}
