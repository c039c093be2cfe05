#!/bin/sh
# Throwaway authorities of this case: the cluster's own, and a contractor's.
set -eu
cd "$(dirname "$0")"
umask 077
mkdir -p pki && cd pki
ca() { openssl req -x509 -newkey rsa:2048 -nodes -sha256 -days 30 -subj "$1" -keyout "$2.key" -out "$2.crt" 2>/dev/null; }
ca /CN=kubernetes ca
ca "/O=Contractor/CN=Contractor CA" contractor
cat ca.crt contractor.crt > clients.crt
chmod 644 ./*.crt
