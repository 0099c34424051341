package io.margay.store.local;

import io.margay.model.manifest.KubeObject;
import io.margay.model.resource.Kind;
import io.margay.store.Samples;
import io.margay.store.StoreException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The main class of child processes that meet with an accident while they write. */
final class CrashingWriter {
  private CrashingWriter() {}

  public static void main(String[] args) throws Exception {
    Path file = Path.of(args[1]);
    switch (args[0]) {
      case "until-killed" -> writeUntilKilled(file, args[2]);
      case "until-full" -> writeUntilFull(file, Path.of(args[2]));
      default -> throw new IllegalArgumentException(args[0]);
    }
  }

  /** Prints the name of each object once its write was answered, until somebody kills it. */
  private static void writeUntilKilled(Path file, String life) throws Exception {
    MvStore store = new MvStore(file);
    List<Thread> writers = new ArrayList<>();
    for (int writer = 0; writer < 4; writer++) {
      String prefix = "life" + life + "-w" + writer + "-";
      writers.add(
          Thread.ofPlatform()
              .start(() -> {
                for (int i = 0; ; i++) {
                  String name = prefix + i;
                  store.create(Samples.networkSet("prod", name, "10.0.0.0/8"));
                  System.out.println(name);
                }
              }));
    }
    for (Thread writer : writers) {
      writer.join();
    }
  }

  /**
   * Fills the disk, checks that reads go on and nothing acknowledged is lost, makes room by
   * deleting the ballast, and checks that writes go on.
   */
  private static void writeUntilFull(Path file, Path ballast) throws Exception {
    Set<String> acknowledged = new TreeSet<>();
    String filler = "x".repeat(20_000);
    try (MvStore store = new MvStore(file)) {
      boolean full = false;
      for (int i = 0; i < 10_000 && !full; i++) {
        full = !tryCreate(store, "n" + i, filler, acknowledged);
      }
      check(full, "the disk never became full");
      check(names(store).equals(acknowledged), "reads differ while the disk is full");
      check(!tryCreate(store, "refused", filler, acknowledged), "a write to a full disk succeeded");
      check(names(store).equals(acknowledged), "a refused write is visible");
      if (Files.deleteIfExists(ballast)) {
        check(tryCreate(store, "again", filler, acknowledged), "no write although there is room");
      }
    }
    try (MvStore store = new MvStore(file)) {
      check(
          names(store).equals(acknowledged),
          "acknowledged " + acknowledged + " but found " + names(store));
    }
    System.out.println("OK " + acknowledged.size());
  }

  private static boolean tryCreate(
      MvStore store, String name, String filler, Set<String> acknowledged) {
    try {
      KubeObject object = Samples.withLabel(Samples.networkSet("prod", name), "filler", filler);
      store.create(object);
      acknowledged.add(name);
      return true;
    } catch (StoreException e) {
      check(e.reason() == StoreException.Reason.UNAVAILABLE, "refused as " + e.reason());
      return false;
    }
  }

  private static Set<String> names(MvStore store) {
    Set<String> names = new TreeSet<>();
    store.list(Kind.NETWORK_SET, "").items().forEach(o -> names.add(o.name()));
    return names;
  }

  private static void check(boolean condition, String otherwise) {
    if (!condition) {
      throw new AssertionError(otherwise);
    }
  }
}
