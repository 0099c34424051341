package io.margay.dataplane;

import io.margay.kernel.netns.NetworkNamespace;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;

/** A test that works in network namespaces of its own; says aloud when it may make none. */
public abstract class InNamespaces {
  private final Deque<AutoCloseable> toClose = new ArrayDeque<>();

  @BeforeAll
  public static void needPrivileges() {
    NetworkNamespace.whyUnavailable()
        .ifPresent(why -> {
          String reason = "SKIPPED, tests with real packets: " + why;
          System.err.println(reason);
          Assumptions.abort(reason);
        });
  }

  protected final NetworkNamespace namespace() {
    return closing(NetworkNamespace.create());
  }

  /** Closes it after the test, the last one first. */
  protected final <T extends AutoCloseable> T closing(T resource) {
    toClose.push(resource);
    return resource;
  }

  @AfterEach
  void closeAll() throws Exception {
    while (!toClose.isEmpty()) {
      toClose.pop().close();
    }
  }
}
