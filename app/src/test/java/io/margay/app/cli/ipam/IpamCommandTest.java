package io.margay.app.cli.ipam;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.margay.app.Main;
import io.margay.model.manifest.Manifests;
import io.margay.model.net.IpAddress;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceKey;
import io.margay.network.ipam.AddressAllocator;
import io.margay.network.ipam.AddressRequest;
import io.margay.store.ResourceStore;
import io.margay.store.apiserver.ApiServerConfig;
import io.margay.store.apiserver.EmbeddedApiServer;
import io.margay.store.kubernetes.ClusterAccess;
import io.margay.store.kubernetes.KubernetesStore;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The commands about addresses, against an API server over HTTPS. */
class IpamCommandTest {
  private static final String WORLD =
      """
      apiVersion: projectcalico.org/v3
      kind: IPPool
      metadata: {name: pods}
      spec: {cidr: 10.9.0.0/24, blockSize: 29}
      ---
      apiVersion: projectcalico.org/v3
      kind: IPPool
      metadata: {name: six}
      spec: {cidr: 'fd00::/112'}
      """;

  @TempDir static Path folder;
  private static EmbeddedApiServer server;
  private static ResourceStore store;
  private static AddressAllocator allocator;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeAll
  static void start() {
    server = EmbeddedApiServer.start(ApiServerConfig.local(folder));
    store = KubernetesStore.open(new ClusterAccess(server.kubeconfig(), null));
    Manifests.read("world", WORLD).objects().forEach(store::create);
    allocator = new AddressAllocator(store, InstantSource.system(), new Random(1));
  }

  @AfterAll
  static void stop() {
    store.close();
    server.close();
  }

  private int run(String... words) {
    String[] all = Arrays.copyOf(words, words.length + 2);
    all[words.length] = "--kubeconfig";
    all[words.length + 1] = server.kubeconfig().toString();
    CommandLine command = Main.commandLine();
    command.setOut(new PrintWriter(out, true));
    command.setErr(new PrintWriter(err, true));
    return command.execute(all);
  }

  private static String assign(String node, String handle) {
    return allocator
        .assign(AddressRequest.workload(node, handle))
        .holdings()
        .getFirst()
        .address()
        .toString();
  }

  @Test
  void showsPoolsBlocksAndWhoBorrows() {
    for (int i = 0; i < 9; i++) {
      assign("n1", "one." + i);
    }
    assertThat(run("ipam", "show", "--show-blocks")).isZero();
    assertThat(out.toString().lines().map(line -> line.replaceAll(" +", " ")))
        .startsWith("GROUPING NAME CIDR TOTAL IN USE FREE OWNER BORROWED")
        .contains("IP Pool six fd00::/112 65536 0 65536")
        .anyMatch(line -> line.startsWith("IP Pool pods 10.9.0.0/24 256 "))
        .anyMatch(line -> line.endsWith("/29 8 8 0 host:n1 0"))
        .anyMatch(line -> line.endsWith("/29 8 1 7 host:n1 0"));
    for (int i = 0; i < 9; i++) {
      allocator.releaseHandle("one." + i);
    }
  }

  @Test
  void showsAndReleasesOneAddress() {
    String address = assign("n2", "k8s-pod-network.abc");
    assertThat(run("ipam", "show", "--ip", address)).isZero();
    assertThat(out.toString())
        .contains(address + " is in use", "handle: k8s-pod-network.abc", "node: n2");
    assertThat(run("ipam", "release", "--ip", address)).isZero();
    assertThat(out.toString()).contains("released " + address + ", which k8s-pod-network.abc had");
    assertThat(store.list(Kind.IPAM_HANDLE, "").items())
        .noneMatch(handle -> handle.name().equals("k8s-pod-network.abc"));
    assertThat(run("ipam", "release", "--ip", address)).isNotZero();
    assertThat(err.toString()).contains(address + " is not assigned");
  }

  @Test
  void anAddressThatIsNoneIsAnErrorWithAnExample() {
    assertThat(run("ipam", "show", "--ip", "10.9.0")).isNotZero();
    assertThat(err.toString()).contains("'10.9.0' is not an address; write one like 10.0.0.1");
  }

  private static void store(String yaml) {
    Manifests.read("test", yaml).objects().forEach(store::create);
  }

  private static String leak(String node, String pod) {
    AddressRequest any = AddressRequest.workload(node, "k8s-pod-network." + pod);
    AddressRequest request =
        new AddressRequest(
            any.owner(),
            Map.of(),
            Map.of(),
            any.use(),
            any.handle(),
            Map.of("pod", pod, "namespace", "prod", "node", node),
            1,
            0,
            Set.of(),
            0);
    return allocator.assign(request).holdings().getFirst().address().toString();
  }

  @Test
  void aLeakIsExplainedAndFreedWithAnEarlierReport() throws Exception {
    store("{apiVersion: v1, kind: Node, metadata: {name: n3}}");
    String here = leak("n3", "here");
    String gone = leak("n9", "gone");
    assertThat(run("ipam", "check")).isEqualTo(3);
    assertThat(out.toString().lines().map(line -> line.replaceAll(" +", " ")))
        .contains(
            "leaked " + here + " pod prod/here does not exist; handle k8s-pod-network.here has it",
            "leaked "
                + gone
                + " pod prod/gone does not exist, nor does node n9; handle k8s-pod-network.gone"
                + " has it");

    assertThat(run("ipam", "check", "-o", "json")).isEqualTo(3);
    Path report = folder.resolve("before.json");
    String json = out.toString();
    Files.writeString(report, json.substring(json.indexOf('{')));
    String keeps = "keeps " + here + " of k8s-pod-network.here: not seen to leak for ";
    String would = "would free " + gone + " of k8s-pod-network.gone: its node is gone";
    assertThat(run("ipam", "check", "--repair")).isEqualTo(3);
    assertThat(out.toString())
        .contains(keeps + "15m", would, "nothing is written; --no-dry-run frees the addresses");
    run("ipam", "check", "--repair", "--from-report", report.toString(), "--no-dry-run");
    assertThat(out.toString())
        .contains("freed " + gone + " of k8s-pod-network.gone: its node is gone");
    assertThat(allocator.holdings("k8s-pod-network.gone")).isEmpty();
    assertThat(allocator.holdings("k8s-pod-network.here")).hasSize(1);
    run(
        "ipam",
        "check",
        "--repair",
        "--from-report",
        report.toString(),
        "--grace",
        "0s",
        "--no-dry-run");
    assertThat(out.toString()).contains("freed " + here + " of k8s-pod-network.here");
    assertThat(allocator.holdings("k8s-pod-network.here")).isEmpty();
  }

  @Test
  void aReportThatIsNoneIsOneError() throws Exception {
    Path file = Files.writeString(folder.resolve("none.json"), "{}");
    assertThat(run("ipam", "check", "--repair", "--from-report", file.toString())).isEqualTo(1);
    assertThat(err.toString())
        .startsWith("error: " + file + " is not a report of \"margay ipam check -o json\"");
    assertThat(run("ipam", "check", "--no-dry-run")).isEqualTo(2);
  }

  @Test
  void configuresWhatIsNamedAndKeepsTheRest() {
    assertThat(run("ipam", "configure")).isEqualTo(2);
    assertThat(run("ipam", "configure", "--cooldown", "0s", "--strictaffinity=true")).isZero();
    assertThat(run("ipam", "configure", "--max-blocks-per-host", "200")).isZero();
    assertThat(out.toString().lines())
        .endsWith(
            "strictAffinity: true",
            "ipCooldownSeconds: 0",
            "autoAllocateBlocks: true",
            "maxBlocksPerHost: 200");
    assertThat(run("ipam", "configure", "--strictaffinity", "false")).isEqualTo(1);
    assertThat(err.toString()).contains("a limit needs strictAffinity");
    assertThat(
            run(
                "ipam",
                "configure",
                "--strictaffinity=false",
                "--max-blocks-per-host=0",
                "--kubevirt-ip-persistence=Disabled"))
        .isZero();
    assertThat(out.toString()).contains("kubeVirtVMAddressPersistence: Disabled");
    store.delete(new ResourceKey(Kind.IPAM_CONFIGURATION, "", "default"), "");
  }

  @Test
  void splitsAPoolAndEveryoneKeepsTheirAddress() {
    store(
        """
        apiVersion: projectcalico.org/v3
        kind: IPPool
        metadata: {name: whole, labels: {team: net}}
        spec: {cidr: 10.77.0.0/24, blockSize: 26, natOutgoing: true, assignmentMode: Manual}
        """);
    AddressRequest request = AddressRequest.workload("n7", "split");
    assertThat(allocator.assign(request, IpAddress.parse("10.77.0.200")).isComplete()).isTrue();
    assertThat(run("ipam", "split", "whole", "3")).isEqualTo(1);
    assertThat(err.toString()).contains("3 parts: write a power of 2 from 2 to 1024");
    assertThat(run("ipam", "split", "whole", "8")).isEqualTo(1);
    assertThat(err.toString()).contains("IPPool whole has only 4 blocks, too few for 8 parts");
    assertThat(run("ipam", "split", "10.77.0.0/24", "2")).isZero();
    assertThat(out.toString())
        .contains("split-whole-0   10.77.0.0/25", "split-whole-1   10.77.0.128/25");
    assertThat(store.get(new ResourceKey(Kind.IP_POOL, "", "whole"))).isEmpty();
    JsonNode part =
        store.get(new ResourceKey(Kind.IP_POOL, "", "split-whole-1")).orElseThrow().json();
    assertThat(part.at("/spec/natOutgoing").asBoolean()).isTrue();
    assertThat(part.at("/metadata/labels/team").asText()).isEqualTo("net");
    assertThat(allocator.holdings("split")).hasSize(1);
    assertThat(allocator.assign(request, IpAddress.parse("10.77.0.200")).shortages())
        .containsExactly("10.77.0.200 is in use by split");
    allocator.releaseHandle("split");
  }
}
