package io.margay.kernel;

import io.margay.kernel.netns.NetworkNamespace;
import io.margay.kernel.route.IpPrefix;
import io.margay.kernel.route.RouteSocket;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;

/** Tests that need network namespaces: says aloud when it must skip them, cleans up after them. */
public abstract class InNamespaces {
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();

  @BeforeAll
  static void requireNamespaces() {
    Optional<String> reason = NetworkNamespace.whyUnavailable();
    reason.ifPresent(text -> System.err.println("SKIPPED, kernel tests: " + text));
    Assumptions.assumeTrue(reason.isEmpty());
  }

  @AfterEach
  void closeAll() throws Exception {
    while (!opened.isEmpty()) {
      opened.pop().close();
    }
  }

  /** Closes it after the test, the last one first. */
  protected <T extends AutoCloseable> T closing(T resource) {
    opened.push(resource);
    return resource;
  }

  protected NetworkNamespace namespace() {
    NetworkNamespace namespace = closing(NetworkNamespace.create());
    try (RouteSocket routes = RouteSocket.open(namespace)) {
      routes.setUp(routes.index("lo"));
    }
    return namespace;
  }

  /** Joins two namespaces by a veth pair with an address at each end. */
  protected static void join(
      NetworkNamespace left,
      String leftName,
      String leftAddress,
      NetworkNamespace right,
      String rightName,
      String rightAddress) {
    try (RouteSocket leftRoutes = RouteSocket.open(left);
        RouteSocket rightRoutes = RouteSocket.open(right)) {
      int leftIndex = leftRoutes.createVeth(leftName, rightName, right);
      int rightIndex = rightRoutes.index(rightName);
      leftRoutes.addAddress(leftIndex, IpPrefix.parse(leftAddress));
      rightRoutes.addAddress(rightIndex, IpPrefix.parse(rightAddress));
      leftRoutes.setUp(leftIndex);
      rightRoutes.setUp(rightIndex);
    }
  }
}
