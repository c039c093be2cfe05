#!/bin/sh
# The present root of a throwaway cluster with its key, and in one bundle with it the next root, which has the same name.
set -eu
cd "$(dirname "$0")"
umask 077
mkdir -p pki && cd pki
root() {
  openssl req -x509 -newkey rsa:2048 -nodes -sha256 -days 30 -subj "/CN=$1" -addext subjectAltName=DNS:kubernetes \
    -addext keyUsage=critical,digitalSignature,keyEncipherment,keyCertSign -keyout "$2.key" -out "$2.crt" 2>/dev/null
}
root kubernetes ca
root kubernetes next
cat next.crt ca.crt > roots.crt
rm next.key
chmod 644 ./*.crt
