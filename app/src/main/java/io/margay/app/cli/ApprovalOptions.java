package io.margay.app.cli;

import io.margay.agents.approval.ApprovalWebhook;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Who is told that a call waits for people. */
public final class ApprovalOptions {
  @Option(
      names = "--approval-webhook",
      paramLabel = "URL",
      description = "Post every call that waits for people there, as JSON with a signature.")
  private @Nullable URI url;

  @Option(
      names = "--approval-webhook-secret",
      paramLabel = "FILE",
      description = "What the receiver checks the signature with, 16 bytes or more.")
  private @Nullable Path secret;

  /**
   * The webhook; empty for none.
   *
   * @throws CommandFailure if only one of the two is given, or the file cannot be read
   */
  Optional<ApprovalWebhook.Target> webhook() {
    if (url == null && secret == null) {
      return Optional.empty();
    }
    if (url == null || secret == null) {
      throw new CommandFailure(
          "--approval-webhook URL and --approval-webhook-secret FILE go together");
    }
    try {
      return Optional.of(new ApprovalWebhook.Target(url, Files.readString(secret).strip()));
    } catch (IOException e) {
      throw new CommandFailure("--approval-webhook-secret " + secret + ": cannot be read", e);
    }
  }
}
