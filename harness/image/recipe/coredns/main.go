// CoreDNS with the plugins of kubeadm's Corefile and the few that people add to it, and no others: the cloud
// providers' plugins are most of what CoreDNS takes to compile.
package main

import (
	"github.com/coredns/coredns/core/dnsserver"
	"github.com/coredns/coredns/coremain"

	_ "github.com/coredns/coredns/plugin/bind"
	_ "github.com/coredns/coredns/plugin/cache"
	_ "github.com/coredns/coredns/plugin/debug"
	_ "github.com/coredns/coredns/plugin/errors"
	_ "github.com/coredns/coredns/plugin/forward"
	_ "github.com/coredns/coredns/plugin/health"
	_ "github.com/coredns/coredns/plugin/hosts"
	_ "github.com/coredns/coredns/plugin/kubernetes"
	_ "github.com/coredns/coredns/plugin/loadbalance"
	_ "github.com/coredns/coredns/plugin/log"
	_ "github.com/coredns/coredns/plugin/loop"
	_ "github.com/coredns/coredns/plugin/metrics"
	_ "github.com/coredns/coredns/plugin/ready"
	_ "github.com/coredns/coredns/plugin/reload"
	_ "github.com/coredns/coredns/plugin/rewrite"
	_ "github.com/coredns/coredns/plugin/template"
	_ "github.com/coredns/coredns/plugin/whoami"
)

func init() {
	// The order in which a query passes through the plugins: that of CoreDNS's own plugin.cfg.
	dnsserver.Directives = []string{
		"reload", "debug", "bind", "ready", "health", "prometheus", "errors", "log", "cache", "rewrite",
		"template", "loadbalance", "hosts", "kubernetes", "loop", "forward", "whoami",
	}
}

func main() {
	coremain.Run()
}
