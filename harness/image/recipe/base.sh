#!/bin/bash
# Turns a bare Debian into kind's node base: what kind's images/base/Dockerfile does, with programs built here.
# usage: base.sh ROOT KIND_MODULE RECIPE PROGRAMS...
set -euo pipefail
root=$1 kind=$2 recipe=$3
shift 3
files=$kind/images/base/files

# A module's files are all read-only and none is executable: the modes are those of the Dockerfile's COPY lines.
copy() { # copy MODE DIRECTORY: the files right inside it
  find "$files/$2" -maxdepth 1 -type f -exec install -D -m "$1" -t "$root/$2" {} +
}
copy 0755 usr/local/bin
copy 0644 kind
copy 0755 kind/bin
copy 0644 LICENSES
for directory in etc etc/containerd etc/default etc/sysctl.d etc/systemd/system etc/systemd/system/kubelet.service.d; do
  copy 0644 "$directory"
done
chmod 0755 "$root/kind" "$root/kind/bin"

cp -r --no-preserve=ownership "$recipe/node/." "$root/"
chmod 0755 "$root/kind/bin/pod-network" "$root/kind/bin/snapshots"

for programs in "$@"; do
  for program in "$programs"/*; do
    case ${program##*/} in
      source) ;;
      ptp | loopback | host-local | portmap) install -D -m 0755 -t "$root/opt/cni/bin" "$program" ;;
      *) install -D -m 0755 -t "$root/usr/local/bin" "$program" ;;
    esac
  done
done

units=$root/lib/systemd/system
find "$units/sysinit.target.wants/" -name systemd-tmpfiles-setup.service -delete
rm -f "$units"/multi-user.target.wants/* "$root"/etc/systemd/system/*.wants/* "$units"/local-fs.target.wants/* \
  "$units"/sockets.target.wants/*udev* "$units"/sockets.target.wants/*initctl* "$units"/basic.target.wants/*
echo "ReadKMsg=no" >>"$root/etc/systemd/journald.conf"
ln -sf /usr/lib/systemd/systemd "$root/sbin/init"
chroot "$root" systemctl --quiet enable kubelet.service containerd.service undo-mount-hacks.service
chroot "$root" systemctl --quiet mask systemd-binfmt.service

chroot "$root" ctr oci spec |
  chroot "$root" jq '.hooks.createContainer += [{path: "/kind/bin/mount-product-files.sh"}] | del(.process.rlimits)' \
    >"$root/etc/containerd/cri-base.json"

# Without CAP_SYS_RESOURCE nobody may lower an OOM score, and a pod that asks for it would not start.
if (((0x$(sed -n 's/^CapBnd:\s*//p' /proc/self/status) >> 24 & 1) == 0)); then
  sed -i 's/restrict_oom_score_adj = false/restrict_oom_score_adj = true/' "$root/etc/containerd/config.toml"
fi

mkdir -p "$root/etc/kubernetes/manifests" "$root/etc/cni/net.d" "$root/var/lib/containerd" "$root/kind/manifests" "$root/var/log"
