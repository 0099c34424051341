package io.margay.app.cli;

import io.margay.flows.collect.TlsFiles;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** The certificates with which processes that bring, gather and read flows know each other. */
public final class TlsOptions {
  @ArgGroup(exclusive = false)
  private @Nullable Files given;

  /** All of them or none. */
  static final class Files {
    @Option(
        names = "--tls-cert",
        paramLabel = "FILE",
        required = true,
        description = "My certificate with its chain, in PEM.")
    private @Nullable Path certificate;

    @Option(
        names = "--tls-key",
        paramLabel = "FILE",
        required = true,
        description = "Its private key, PKCS#8 in PEM.")
    private @Nullable Path key;

    @Option(
        names = "--tls-ca",
        paramLabel = "FILE",
        required = true,
        description = "Who may sign the other side's certificate, in PEM.")
    private @Nullable Path authority;
  }

  /**
   * The files; null if none were given.
   *
   * @throws CommandFailure if one cannot be read
   */
  @Nullable TlsFiles files() {
    Files all = given;
    if (all == null || all.certificate == null || all.key == null || all.authority == null) {
      return null;
    }
    try {
      return new TlsFiles(all.certificate, all.key, all.authority);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()), e);
    }
  }
}
