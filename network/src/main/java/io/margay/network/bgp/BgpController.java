package io.margay.network.bgp;

import io.margay.kernel.netns.NetworkNamespace;
import io.margay.model.resource.ResourceChange;
import io.margay.store.ResourceStore;
import io.margay.store.ResourceStream;
import io.margay.store.StreamListener;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps BIRD running on a node, with the configuration that the cluster asks for. One thread owns
 * all state. BIRD is started again when it has ended; what it refuses is told, and the
 * configuration before stays in force.
 */
public final class BgpController implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(BgpController.class);
  private static final Duration LOOK = Duration.ofSeconds(2);

  private final String node;
  private final Bird bird;
  private final BgpPasswords passwords;
  private final BgpCollector cluster;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("bgp").factory());
  private volatile List<String> problems = List.of();
  private @Nullable ResourceStream stream;

  // Owned by the thread.
  private String applied = "";

  /**
   * @param program BIRD
   * @param folder where its configuration, control socket and log are; of nobody else
   * @param passwords of sessions
   */
  public BgpController(
      NetworkNamespace namespace, String node, Path program, Path folder, BgpPasswords passwords) {
    this.node = node;
    this.bird = new Bird(namespace, program, folder);
    this.cluster = new BgpCollector(node);
    this.passwords = passwords;
  }

  /** Where BIRD is installed on this machine. */
  public static Optional<Path> program() {
    return Bird.find();
  }

  /** The control socket of the BIRD that keeps its files in a folder. */
  public static Path socket(Path folder) {
    return Bird.socket(folder);
  }

  /** Begins to do what the store says. */
  public void start(ResourceStore store) {
    stream =
        ResourceStream.start(
            store,
            BgpCollector.KINDS,
            new StreamListener() {
              @Override
              public void changed(ResourceChange change) {
                thread.execute(() -> cluster.apply(change));
              }

              @Override
              public void flush() {
                thread.execute(BgpController.this::apply);
              }
            });
    thread.scheduleWithFixedDelay(
        this::apply, LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** What is left out or refused now, and why. */
  public List<String> problems() {
    return problems;
  }

  private void apply() {
    if (!cluster.inSync()) {
      return;
    }
    List<String> found = new ArrayList<>();
    try {
      String wanted = BirdConfig.render(cluster.view(passwords, found), node, found);
      if (!wanted.isEmpty() && (!wanted.equals(applied) || !bird.isRunning())) {
        bird.apply(wanted);
        applied = wanted;
      }
    } catch (RuntimeException e) {
      found.add(String.valueOf(e.getMessage()));
    }
    found.stream()
        .filter(problem -> !problems.contains(problem))
        .forEach(problem -> log.warn("{}: BGP: {}", node, problem));
    problems = List.copyOf(found);
  }

  /** Ends, and BIRD with it; its routes stay. */
  @Override
  public void close() {
    if (stream != null) {
      stream.close();
    }
    thread.shutdownNow();
    try {
      if (!thread.awaitTermination(30, TimeUnit.SECONDS)) {
        log.warn("{}: BIRD has not answered for 30 seconds", node);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    bird.close();
  }
}
