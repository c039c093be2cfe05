#!/bin/sh
# Throwaway authorities of this case: the cluster's CA, a root, and below it etcd's.
set -eu
cd "$(dirname "$0")"
umask 077
mkdir -p pki && cd pki
openssl req -x509 -newkey rsa:2048 -nodes -sha256 -days 30 -subj /CN=kubernetes -keyout ca.key -out ca.crt 2>/dev/null
openssl req -newkey rsa:2048 -nodes -subj /CN=etcd-ca -keyout etcd-ca.key -out etcd-ca.csr 2>/dev/null
printf '%s\n' 'basicConstraints=critical,CA:TRUE,pathlen:0' 'keyUsage=critical,keyCertSign,cRLSign,digitalSignature' \
  'subjectKeyIdentifier=hash' 'authorityKeyIdentifier=keyid' 'subjectAltName=DNS:etcd-ca' > ext
openssl x509 -req -in etcd-ca.csr -CA ca.crt -CAkey ca.key -CAcreateserial -sha256 -days 30 -extfile ext -out etcd-ca.crt 2>/dev/null
rm -f ext etcd-ca.csr ca.srl
chmod 644 ./*.crt
