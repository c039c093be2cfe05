#!/bin/sh
# Two throwaway key pairs for service account tokens: the old one RSA, the new one ECDSA.
set -eu
cd "$(dirname "$0")"
umask 077
mkdir -p keys && cd keys
openssl genrsa -out old.key 2048 2>/dev/null
openssl rsa -in old.key -pubout -out old.pub 2>/dev/null
openssl ecparam -name prime256v1 -genkey -noout -out new.key 2>/dev/null
openssl ec -in new.key -pubout -out new.pub 2>/dev/null
chmod 644 ./*.pub
