#!/bin/bash
# Puts image archives into a containerd's store, with the containerd of a node base, and nothing of the base changes.
# Runs in a mount namespace of its own: what it mounts is gone with it.
# usage: import.sh BASE STORE ARCHIVES
set -euo pipefail
base=$1 store=$2 archives=$3

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
for archive in "$archives"/*.tar; do
  chroot "$base" ctr --namespace=k8s.io images import --local --label=io.cri-containerd.pinned=pinned \
    --all-platforms --discard-unpacked-layers --digests "/tmp/archives/${archive##*/}"
done
chroot "$base" ctr --namespace=k8s.io content ls
ls -laR "$store"/*content* >&2; du -sh "$store"/* >&2; chroot "$base" ctr -n k8s.io content ls >&2; chroot "$base" ctr -n k8s.io snapshots ls >&2; find $store/*overlayfs -maxdepth 3 >&2; exit 1
kill $containerd
wait $containerd || true
