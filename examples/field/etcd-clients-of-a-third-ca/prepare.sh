#!/bin/sh
# Throwaway authorities of this case: etcd's own, and that of a backup job.
set -eu
cd "$(dirname "$0")"
umask 077
mkdir -p pki && cd pki
ca() { openssl req -x509 -newkey rsa:2048 -nodes -sha256 -days 30 -subj "$1" -keyout "$2.key" -out "$2.crt" 2>/dev/null; }
ca /CN=etcd-ca ca
ca "/O=Backups/CN=Backup CA" backup
cat ca.crt backup.crt > clients.crt
chmod 644 ./*.crt
