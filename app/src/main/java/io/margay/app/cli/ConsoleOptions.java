package io.margay.app.cli;

import io.margay.app.process.ClusterSignIn;
import io.margay.app.process.ConsoleSignIn;
import io.margay.app.process.LocalSignIn;
import io.margay.app.state.StateFolder;
import io.margay.console.ConsoleConfig;
import io.margay.console.access.Permissions;
import io.margay.console.kubernetes.ProviderLogin;
import io.margay.store.StoreException;
import io.margay.store.kubernetes.ClusterAccess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a console listens and who may sign in to it. */
public final class ConsoleOptions {
  private static final int USUAL_PORT = 7410;
  private static final String CALLBACK = "/sign-in/oidc/callback";

  @Option(
      names = "--console-address",
      paramLabel = "ADDRESS",
      description = "Where the page listens; 127.0.0.1 if not given.")
  private String address = "127.0.0.1";

  @Option(
      names = "--console-port",
      paramLabel = "PORT",
      description = "The port of the page; ${DEFAULT-VALUE} if not given.")
  private int port = USUAL_PORT;

  @Option(
      names = "--console-url",
      paramLabel = "URL",
      description = "What browsers call the page, such as https://margay.example.")
  private @Nullable URI url;

  @Option(
      names = "--sign-in",
      description =
          "${COMPLETION-CANDIDATES}: LOCAL with links and passwords of this user, CLUSTER with"
              + " users of the cluster (TokenReview, SubjectAccessReview).")
  private SignIn signIn = SignIn.LOCAL;

  @Option(
      names = "--oidc-issuer",
      paramLabel = "URL",
      description = "An OpenID Connect provider that the cluster trusts.")
  private @Nullable URI issuer;

  @Option(names = "--oidc-client", paramLabel = "ID", description = "The console's id there.")
  private String client = "margay";

  @Option(
      names = "--oidc-secret-file",
      paramLabel = "FILE",
      description = "The console's secret there; none for a public client.")
  private @Nullable Path secretFile;

  @Option(
      names = "--rule-metrics",
      paramLabel = "N",
      arity = "0..1",
      defaultValue = "0",
      fallbackValue = "1000",
      description = {
        "Export when each rule was last evaluated, of at most N rules (${FALLBACK-VALUE} if N is"
            + " not given).",
        "Without it only when each policy was."
      })
  private int ruleMetrics;

  /** Whose users may sign in. */
  public enum SignIn {
    LOCAL,
    CLUSTER
  }

  /**
   * How many rules have a metric of their own at most.
   *
   * @throws CommandFailure for less than none
   */
  int ruleMetrics() {
    if (ruleMetrics < 0) {
      throw new CommandFailure(
          "--rule-metrics " + ruleMetrics + ": write how many rules at most, 0 for none");
    }
    return ruleMetrics;
  }

  ConsoleConfig config() {
    List<String> names = new ArrayList<>();
    if (url != null && url.getHost() != null) {
      names.add(url.getHost());
    }
    return new ConsoleConfig(address, port, names, url != null && "https".equals(url.getScheme()));
  }

  /**
   * The means to sign in.
   *
   * @throws CommandFailure if what is given does not go together, or a file cannot be read
   */
  ConsoleSignIn signIn(StateFolder state) {
    return switch (signIn) {
      case LOCAL -> {
        if (issuer != null) {
          throw new CommandFailure("--oidc-issuer goes with --sign-in CLUSTER");
        }
        yield new LocalSignIn(state.root(), LocalSignIn.passwords(state), Permissions.NONE);
      }
      case CLUSTER -> {
        try {
          yield new ClusterSignIn(new ClusterAccess(null, null).connect(), provider());
        } catch (StoreException | IOException e) {
          throw new CommandFailure(String.valueOf(e.getMessage()), e);
        }
      }
    };
  }

  private Optional<ProviderLogin.Config> provider() throws IOException {
    if (issuer == null) {
      return Optional.empty();
    }
    if (url == null) {
      throw new CommandFailure(
          "--oidc-issuer needs --console-url: the provider must know where to send browsers back");
    }
    String secret = secretFile == null ? "" : Files.readString(secretFile).strip();
    return Optional.of(new ProviderLogin.Config(issuer, client, secret, url.resolve(CALLBACK)));
  }
}
