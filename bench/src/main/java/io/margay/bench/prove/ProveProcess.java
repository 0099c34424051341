package io.margay.bench.prove;

import io.margay.bench.JsonLine;
import io.margay.bench.ProcessMemory;
import io.margay.model.assertion.Assertion;
import io.margay.model.manifest.Manifests;
import io.margay.model.manifest.ResourceDecoder;
import io.margay.model.net.IpAddress;
import io.margay.model.resource.Namespace;
import io.margay.model.resource.ObjectMeta;
import io.margay.model.resource.Pod;
import io.margay.model.resource.Resource;
import io.margay.model.resource.ResourceKey;
import io.margay.policy.engine.Failsafes;
import io.margay.policy.proof.Proof;
import io.margay.policy.proof.Prover;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Proves three assertions as the command line does, from nothing. Prints one line. */
public final class ProveProcess {
  private static final List<String> ASSERTIONS =
      List.of(
          "never namespace(env == \"dev\") -> namespace(env == \"prod\") && app == \"db\"",
          "always namespace(env == \"prod\") && app == \"web\" -> app == \"web\" : tcp/8080",
          "only {namespace(env == \"prod\")} -> namespace(env == \"prod\") && app == \"db\"");

  /** The web pods of a namespace, of each fifth another port, may reach its databases. */
  private static final String POLICY =
      """
      apiVersion: projectcalico.org/v3
      kind: NetworkPolicy
      metadata: {name: db, namespace: team-%1$d}
      spec:
        selector: app == 'db'
        types: [Ingress]
        ingress:
        - action: Allow
          protocol: TCP
          source: {selector: app == 'web'}
          destination: {ports: [%2$d]}
        - action: Allow
          protocol: TCP
          source: {selector: app == 'ops', namespaceSelector: env == 'prod'}
          destination: {ports: ["9000:9100"]}
      """;

  private ProveProcess() {}

  /** Arguments: namespaces, pods, policies. */
  public static void main(String[] args) throws Exception {
    int namespaces = Integer.parseInt(args[0]);
    Map<ResourceKey, Resource> resources =
        resources(namespaces, Integer.parseInt(args[1]), Integer.parseInt(args[2]));
    long start = System.nanoTime();
    Prover prover = new Prover(resources, Failsafes.CALICO);
    double tables = (System.nanoTime() - start) / 1e9;
    int proven = 0;
    for (String text : ASSERTIONS) {
      Proof proof = prover.prove(Assertion.parse(text));
      proven += proof.counterexample() == null ? 1 : 0;
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    System.out.println(
        JsonLine.of("prove", "assertions")
            .number("namespaces", namespaces)
            .number("resources", resources.size())
            .number("assertions", ASSERTIONS.size())
            .number("proven", proven)
            .number("tablesSeconds", tables)
            .number("seconds", seconds)
            .number("barSeconds", 10)
            .number("peakResidentMB", ProcessMemory.peakResidentMegabytes())
            .number("barMB", 2_048));
  }

  private static Map<ResourceKey, Resource> resources(int namespaces, int pods, int policies) {
    Map<ResourceKey, Resource> all = new HashMap<>();
    List<String> environments = List.of("dev", "staging", "prod");
    List<String> apps = List.of("web", "api", "db", "cache", "ops");
    for (int n = 0; n < namespaces; n++) {
      String environment = environments.get(n % environments.size());
      put(all, new Namespace(ObjectMeta.of("", "team-" + n, Map.of("env", environment))));
    }
    for (int p = 0; p < pods; p++) {
      String app = apps.get(p / namespaces % apps.size());
      put(
          all,
          new Pod(
              ObjectMeta.of("team-" + p % namespaces, "pod-" + p, Map.of("app", app)),
              new Pod.Spec("node-" + p % 150, "default", false, List.of()),
              new Pod.Status("Running", List.of(new Pod.PodIp(IpAddress.v4(0x0a00_0001 + p))))));
    }
    for (int i = 0; i < policies; i++) {
      Manifests.read("policy", POLICY.formatted(i, 5432 + i % 5))
          .objects()
          .forEach(object -> put(all, ResourceDecoder.decode(object).resource()));
    }
    return all;
  }

  private static void put(Map<ResourceKey, Resource> all, Resource resource) {
    all.put(resource.key(), resource);
  }
}
