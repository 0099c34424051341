package io.margay.kernel.netns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.margay.kernel.Errno;
import io.margay.kernel.InNamespaces;
import io.margay.kernel.KernelException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class NetworkNamespaceTest extends InNamespaces {

  private static String interfaces() throws IOException {
    return Files.readString(Path.of("/proc/thread-self/net/dev"));
  }

  private static String inode() throws IOException {
    return Files.readSymbolicLink(Path.of("/proc/thread-self/ns/net")).toString();
  }

  @Test
  void runsInsideAndLeavesTheCallerOutside() throws IOException {
    String outside = inode();
    NetworkNamespace namespace = namespace();
    String inside = namespace.run(NetworkNamespaceTest::inode);
    assertThat(inside).isNotEqualTo(outside);
    assertThat(namespace.run(NetworkNamespaceTest::inode)).isEqualTo(inside);
    assertThat(inode()).isEqualTo(outside);
    assertThat(namespace.run(NetworkNamespaceTest::interfaces))
        .contains("lo:")
        .doesNotContain("eth");
  }

  @Test
  void handsOnWhatATaskThrows() {
    NetworkNamespace namespace = namespace();
    assertThatThrownBy(() ->
            namespace.execute(() -> {
              throw new IOException("as thrown");
            }))
        .isInstanceOf(IOException.class)
        .hasMessage("as thrown");
  }

  @Test
  void socketsOpenedInsideWorkFromAnyThread() throws Exception {
    NetworkNamespace namespace = namespace();
    ServerSocketChannel server = closing(namespace.run(ServerSocketChannel::open));
    server.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
    CompletableFuture<Byte> received = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(() -> {
          try (SocketChannel accepted = server.accept()) {
            ByteBuffer buffer = ByteBuffer.allocate(1);
            accepted.read(buffer);
            received.complete(buffer.get(0));
          } catch (IOException e) {
            received.completeExceptionally(e);
          }
        });
    SocketChannel client = closing(namespace.run(() -> SocketChannel.open()));
    client.connect(server.getLocalAddress());
    client.write(ByteBuffer.wrap(new byte[] {42}));
    assertThat(received.get(10, TimeUnit.SECONDS)).isEqualTo((byte) 42);
  }

  @Test
  void executorStaysInside() throws Exception {
    NetworkNamespace namespace = namespace();
    String inside = namespace.run(NetworkNamespaceTest::inode);
    AtomicReference<String> first = new AtomicReference<>();
    AtomicReference<Thread> thread = new AtomicReference<>();
    try (NamespaceExecutor executor = namespace.newExecutor("pod")) {
      executor.execute(() -> thread.set(Thread.currentThread()));
      executor.execute(() -> {
        try {
          first.set(Thread.currentThread() == thread.get() ? inode() : "another thread");
        } catch (IOException e) {
          first.set(e.toString());
        }
      });
    }
    assertThat(first.get()).isEqualTo(inside);
    assertThat(thread.get().getName()).isEqualTo("pod");
  }

  @Test
  void settingsBelongToTheNamespace() {
    NetworkNamespace one = namespace();
    NetworkNamespace other = namespace();
    one.setSysctl("net/ipv4/ip_forward", "1");
    assertThat(one.sysctl("net/ipv4/ip_forward")).isEqualTo("1");
    assertThat(other.sysctl("net/ipv4/ip_forward")).isEqualTo("0");
  }

  @Test
  void errorsNameCallArgumentAndErrno() {
    NetworkNamespace namespace = namespace();
    assertThatThrownBy(() -> NetworkNamespace.open(Path.of("/run/netns/no-such-namespace")))
        .isInstanceOfSatisfying(KernelException.class, e -> assertThat(e.is(Errno.ENOENT)).isTrue())
        .hasMessage("open(/run/netns/no-such-namespace): ENOENT (No such file or directory)");
    assertThatThrownBy(() -> namespace.setSysctl("net/ipv4/ip_forward", "yes"))
        .hasMessage("sysctl(net/ipv4/ip_forward=yes): EINVAL (Invalid argument)");
    assertThatThrownBy(() -> namespace.setSysctl("net/../kernel/hostname", "x"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> NetworkNamespace.create("../etc"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void namedNamespaceIsFoundByOthersUntilItIsClosed() throws Exception {
    String name = "margay-test-" + ProcessHandle.current().pid();
    NetworkNamespace namespace = closing(NetworkNamespace.create(name));
    if (namespace.name() == null) {
      System.err.println("SKIPPED, named namespaces: no mount under /run/netns permitted");
      Assumptions.abort();
    }
    assertThat(NamedNamespaces.list("margay-test-")).contains(name);
    try (NetworkNamespace again = NetworkNamespace.open(namespace.path())) {
      assertThat(again.run(NetworkNamespaceTest::inode))
          .isEqualTo(namespace.run(NetworkNamespaceTest::inode));
    }
    assertThatThrownBy(() -> NetworkNamespace.create(name)).hasMessageContaining("EEXIST");
    namespace.close();
    assertThat(NamedNamespaces.list("margay-test-")).doesNotContain(name);
  }

  @Test
  void virtualThreadsAreRefused() throws Exception {
    NetworkNamespace namespace = namespace();
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            io.margay.kernel.libc.Libc.setNetworkNamespace(namespace.fd());
          } catch (IllegalStateException e) {
            thrown.set(e);
          }
        })
        .join();
    assertThat(thrown.get()).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void closedNamespaceRefusesWork() {
    NetworkNamespace namespace = NetworkNamespace.create();
    namespace.close();
    namespace.close();
    assertThatThrownBy(() -> namespace.run(() -> 1)).isInstanceOf(IllegalStateException.class);
  }
}
