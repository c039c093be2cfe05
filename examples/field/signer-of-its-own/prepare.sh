#!/bin/sh
# A throwaway CA for the serving certificates of kubelets.
set -eu
cd "$(dirname "$0")"
umask 077
mkdir -p ca && cd ca
openssl req -x509 -newkey rsa:2048 -nodes -sha256 -days 30 -subj /CN=kubelets -addext keyUsage=critical,keyCertSign,cRLSign \
  -keyout kubelets.key -out kubelets.crt 2>/dev/null
chmod 644 kubelets.crt
