import { alerts, claim, deck, etcdCount, type Identity, refused, works } from "../../harness/index.ts";

claim(
  "etcd-client/cluster-ca-refused",
  {
    says: "A certificate of the cluster's CA, even super-admin's, opens nothing on etcd's client port",
    documented: deck("etcd clients"),
    versions: ">=1.29",
  },
  async (lab) => {
    const etcd = await lab.etcdClient();
    const apiServer = await lab.credentials.certificate("apiserver-etcd-client");
    const superAdmin = await lab.credentials.kubeconfig("super-admin.conf");
    const countKeys = (as: Identity) => () => etcdCount(lab.fromNode(), etcd, as, "/registry/");
    return {
      works: [
        works<number>("the API server's own certificate counts the keys of Kubernetes", countKeys(apiServer), {
          shows: "keys under /registry/",
          where: (count) => count > 0,
        }),
      ],
      refused: [
        refused("super-admin's certificate counts the keys", countKeys(superAdmin), "tls", {
          alert: alerts.unknownCa,
        }),
      ],
    };
  },
);
