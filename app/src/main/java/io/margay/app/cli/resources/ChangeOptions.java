package io.margay.app.cli.resources;

import io.margay.app.cli.CommandFailure;
import io.margay.model.manifest.KubeObject;
import io.margay.model.manifest.ResourceDecoder;
import io.margay.model.resource.Resource;
import io.margay.model.resource.ResourceKey;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A change that a command only thinks of: {@code -f FILE}, {@code --delete KIND/NAME}, or both. */
public final class ChangeOptions {
  @Mixin private final InputOptions input = new InputOptions();
  @Mixin private final NamespaceOption namespace = new NamespaceOption();

  @Option(
      names = "--delete",
      paramLabel = "KIND/NAME",
      description = "A resource that is to go, in the namespace of -n; may be given several times.")
  private List<String> deletions = List.of();

  /**
   * Reads the change.
   *
   * @throws CommandFailure with everything that is wrong with it
   */
  public PlannedChange read(InputStream standardInput) throws IOException {
    if (!input.given() && deletions.isEmpty()) {
      throw new CommandFailure(
          "there is no change: name a file with -f FILE, or what is to go with --delete KIND/NAME");
    }
    List<Resource> changed = new ArrayList<>();
    if (input.given()) {
      for (KubeObject object :
          ResourceWriter.ordered(input.read(standardInput, namespace.orDefault()))) {
        if (object.kind().isAboutAgents()) {
          throw new CommandFailure(object.key() + " has nothing to do with network policy");
        }
        changed.add(ResourceDecoder.decode(object).resource());
      }
    }
    return new PlannedChange(changed, deletions.stream().map(this::key).toList());
  }

  private ResourceKey key(String written) {
    if (written.indexOf('/') < 0) {
      throw new CommandFailure("--delete " + written + ": write KIND/NAME, such as np/web");
    }
    return ResourceTarget.parse(List.of(written), namespace).objects().getFirst().key();
  }
}
