package io.margay.app.cli.ipam;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.app.cli.CommandFailure;
import io.margay.app.cli.DurationConverter;
import io.margay.app.cli.resources.StoreOptions;
import io.margay.model.manifest.KubeObject;
import io.margay.model.resource.IpamConfiguration;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceKey;
import io.margay.store.ResourceStore;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code margay ipam configure}: with calicoctl's options, and one for the cool-down. */
@Command(
    name = "configure",
    description = {
      "Changes how addresses are given, for all nodes.",
      "What is not named stays as it is. Addresses that are in use stay, too."
    },
    mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ConfigureAddressesCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private StoreOptions source;

  @Option(
      names = "--strictaffinity",
      paramLabel = "true|false",
      arity = "1",
      description = "Whether nodes use only blocks of their own.")
  private @Nullable Boolean strict;

  @Option(
      names = "--max-blocks-per-host",
      paramLabel = "NUMBER",
      description = "How many blocks a node may have; 0 for 20. Needs strict affinity.")
  private @Nullable Integer blocks;

  @Option(
      names = "--kubevirt-ip-persistence",
      paramLabel = "Enabled|Disabled",
      description = "Whether virtual machines keep their addresses.")
  private @Nullable Persistence persistence;

  @Option(
      names = "--cooldown",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "How long a released address rests before it is given again, such as 60s.")
  private @Nullable Duration cooldown;

  /** As the API writes it. */
  enum Persistence {
    Enabled,
    Disabled
  }

  @Override
  public Integer call() {
    if (strict == null && blocks == null && persistence == null && cooldown == null) {
      throw new ParameterException(
          spec.commandLine(), "ipam configure: name at least one setting to change");
    }
    if (cooldown != null && cooldown.toMillis() % 1000 != 0) {
      throw new CommandFailure("--cooldown: write whole seconds, such as 60s");
    }
    KubeObject written;
    try (ResourceStore store = source.open()) {
      Optional<KubeObject> current =
          store.get(new ResourceKey(Kind.IPAM_CONFIGURATION, "", IpamConfiguration.DEFAULT));
      KubeObject changed = change(current.orElseGet(ConfigureAddressesCommand::empty));
      written = current.isPresent() ? store.update(changed) : store.create(changed);
    }
    PrintWriter out = spec.commandLine().getOut();
    written
        .json()
        .path("spec")
        .properties()
        .forEach(e -> out.println(e.getKey() + ": " + e.getValue().asText()));
    out.flush();
    return 0;
  }

  private static KubeObject empty() {
    Kind kind = Kind.IPAM_CONFIGURATION;
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("apiVersion", kind.apiVersion()).put("kind", kind.kind());
    json.putObject("metadata").put("name", IpamConfiguration.DEFAULT);
    return new KubeObject(kind, json);
  }

  private KubeObject change(KubeObject current) {
    ObjectNode json = current.json().deepCopy();
    ObjectNode settings = json.withObjectProperty("spec");
    if (strict != null) {
      settings.put("strictAffinity", strict);
    }
    if (blocks != null) {
      settings.put("maxBlocksPerHost", blocks);
    }
    if (persistence != null) {
      settings.put("kubeVirtVMAddressPersistence", persistence.name());
    }
    if (cooldown != null) {
      settings.put("ipCooldownSeconds", cooldown.toSeconds());
    }
    return new KubeObject(current.kind(), json);
  }
}
