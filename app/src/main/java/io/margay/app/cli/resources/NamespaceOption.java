package io.margay.app.cli.resources;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The namespace for resources that do not say theirs. */
final class NamespaceOption {
  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NAMESPACE",
      description = "Namespace of resources that name none (default: \"default\").")
  private @Nullable String namespace;

  String orDefault() {
    return namespace == null ? "default" : namespace;
  }
}
