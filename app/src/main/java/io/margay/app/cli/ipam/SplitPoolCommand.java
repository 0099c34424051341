package io.margay.app.cli.ipam;

import io.margay.app.cli.CommandFailure;
import io.margay.app.cli.resources.StoreOptions;
import io.margay.model.manifest.KubeObject;
import io.margay.model.resource.Kind;
import io.margay.network.ipam.PoolSplit;
import io.margay.store.ResourceStore;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code margay ipam split}. */
@Command(
    name = "split",
    description = {
      "Replaces a pool by N smaller ones of equal size.",
      "Who has an address keeps it. Annotations that name the old pool must be changed by hand."
    },
    mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class SplitPoolCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private StoreOptions source;

  @Parameters(index = "0", paramLabel = "POOL", description = "The pool's name or CIDR.")
  private String pool;

  @Parameters(index = "1", paramLabel = "N", description = "How many; a power of 2.")
  private int count;

  @Override
  public Integer call() {
    try (ResourceStore store = source.open()) {
      KubeObject old =
          store.list(Kind.IP_POOL, "").items().stream()
              .filter(this::isMeant)
              .findFirst()
              .orElseThrow(() -> new CommandFailure("there is no pool " + pool));
      PoolSplit split = cut(old);
      write(split, store);
      PrintWriter out = spec.commandLine().getOut();
      out.println("pool " + old.name() + " is split into");
      for (KubeObject part : split.parts()) {
        out.println("  " + part.name() + "   " + part.json().at("/spec/cidr").asText());
      }
      out.flush();
    }
    return 0;
  }

  private boolean isMeant(KubeObject object) {
    return object.name().equals(pool) || object.json().at("/spec/cidr").asText().equals(pool);
  }

  private PoolSplit cut(KubeObject old) {
    try {
      return PoolSplit.of(old, count);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()), e);
    }
  }

  private static void write(PoolSplit split, ResourceStore store) {
    try {
      split.write(store);
    } catch (IllegalStateException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()), e);
    }
  }
}
