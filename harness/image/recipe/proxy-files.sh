#!/bin/bash
# Prints the files of a node base that kube-proxy's image needs: the programs that it calls, and what they load.
# usage, inside the base: proxy-files.sh
set -euo pipefail
programs=(
  /usr/sbin/xtables-nft-multi /usr/sbin/xtables-legacy-multi /usr/sbin/nft /usr/sbin/conntrack /usr/sbin/ipset
  /usr/bin/kmod /usr/bin/dash /usr/bin/ln
)
plugins=(/usr/lib/*-linux-gnu/xtables/*.so)
printf '%s\n' /bin /sbin /lib /lib64 /usr/sbin/modprobe /usr/bin/sh /etc/protocols "${programs[@]}" "${plugins[@]}"
ldd "${programs[@]}" "${plugins[@]}" | grep -oE '/[^ :]+\.so[^ :]*' | sort -u |
  while read -r library; do
    in_usr=$(sed -E 's,^/(lib[^/]*)/,/usr/\1/,' <<<"$library") # /lib is a link, and listed above
    echo "$in_usr"
    readlink -f "$in_usr"
  done
