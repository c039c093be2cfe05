#!/bin/sh
# Throwaway authorities of this case: the cluster's new CA, and the one before it.
set -eu
cd "$(dirname "$0")"
umask 077
mkdir -p pki && cd pki
ca() { openssl req -x509 -newkey rsa:2048 -nodes -sha256 -days 30 -subj /CN=kubernetes -keyout "$1.key" -out "$1.crt" 2>/dev/null; }
ca ca
ca old
cat ca.crt old.crt > clients.crt
rm old.key
chmod 644 ./*.crt
