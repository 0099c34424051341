package io.margay.app.cli.ipam;

import static org.assertj.core.api.Assertions.assertThat;

import io.margay.app.Main;
import io.margay.model.manifest.Manifests;
import io.margay.model.resource.Kind;
import io.margay.network.ipam.AddressAllocator;
import io.margay.network.ipam.AddressRequest;
import io.margay.store.ResourceStore;
import io.margay.store.apiserver.ApiServerConfig;
import io.margay.store.apiserver.EmbeddedApiServer;
import io.margay.store.kubernetes.ClusterAccess;
import io.margay.store.kubernetes.KubernetesStore;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Random;
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
}
