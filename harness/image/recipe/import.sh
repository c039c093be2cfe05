#!/bin/bash
# Puts images into a layer as a node's containerd will find them, with the containerd of the node base.
# Runs in a mount namespace of its own: what it mounts is gone with it, and nothing of the base changes.
# usage: import.sh BASE LAYER ARCHIVES
set -euo pipefail
base=$1 layer=$2 archives=$3
store=$layer/var/lib/containerd
mkdir -p "$store"

mount --bind "$store" "$base/var/lib/containerd"
mount --rbind /dev "$base/dev"
mount -t proc proc "$base/proc"
mount -t tmpfs tmpfs "$base/run"
mount -t tmpfs tmpfs "$base/tmp"
mkdir "$base/tmp/archives"
mount --bind "$archives" "$base/tmp/archives"

chroot "$base" containerd --log-level error &
containerd=$!
until chroot "$base" ctr version >/dev/null 2>&1; do
  kill -0 $containerd
  sleep 0.1
done
images=(chroot "$base" ctr --namespace=k8s.io)
for archive in "$archives"/*.tar; do
  "${images[@]}" images import --local --all-platforms --discard-unpacked-layers \
    --label=io.cri-containerd.pinned=pinned "/tmp/archives/${archive##*/}"
done
"${images[@]}" content prune references # the layers go now that they are unpacked: their files are in the snapshots
kill $containerd
wait $containerd || true

# Unpacked here, no node has to unpack them. And outside /var, which every node gets a copy of (kind makes it a
# volume): all nodes of all clusters read the same files, and the kernel keeps them in memory once.
snapshots=$store/io.containerd.snapshotter.v1.overlayfs/snapshots
mkdir -p "$layer/kind/snapshots"
for snapshot in "$snapshots"/*; do
  mv "$snapshot" "$layer/kind/snapshots/"
  ln -s "/kind/snapshots/${snapshot##*/}" "$snapshot"
done
