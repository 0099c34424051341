package io.margay.app.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.margay.app.process.LocalSignIn;
import io.margay.app.state.StateFolder;
import io.margay.console.signin.PasswordFile;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code margay console}. */
@Command(
    name = "console",
    description = "Lets people sign in to the page.",
    mixinStandardHelpOptions = true,
    subcommands = {ConsoleCommand.Passwd.class, ConsoleCommand.Link.class})
public final class ConsoleCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  /** {@code margay console passwd}. */
  @Command(
      name = "passwd",
      description = {
        "Gives somebody a password for the page, or takes it away.",
        "It is asked for, or read as one line from standard input; it is kept as a hash."
      },
      mixinStandardHelpOptions = true)
  static final class Passwd implements Runnable {
    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "NAME", description = "The name to sign in with.")
    private String name;

    @Option(names = "--remove", description = "Take the password away.")
    private boolean remove;

    @Override
    public void run() {
      StateFolder state = StateFolder.ofUser();
      StateFolder.create(state.root());
      PasswordFile passwords = LocalSignIn.passwords(state);
      PrintWriter out = spec.commandLine().getOut();
      try {
        if (!remove) {
          char[] password = password();
          passwords.put(name, password);
          Arrays.fill(password, ' ');
          out.println(name + " can sign in with the new password.");
        } else if (passwords.remove(name)) {
          out.println(name + " has no password any more; sessions that are open stay so.");
        } else {
          throw new CommandFailure(name + " has no password");
        }
        out.flush();
      } catch (IllegalArgumentException | IOException e) {
        throw new CommandFailure(String.valueOf(e.getMessage()), e);
      }
    }

    private char[] password() throws IOException {
      Console terminal = System.console();
      if (terminal != null && terminal.isTerminal()) {
        char[] first = terminal.readPassword("Password for %s: ", name);
        char[] again = terminal.readPassword("Again: ");
        if (first == null || again == null || !Arrays.equals(first, again)) {
          throw new CommandFailure("the two passwords differ, nothing is changed");
        }
        return first;
      }
      BufferedReader in =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      String line = in.readLine();
      if (line == null) {
        throw new CommandFailure("there is no password on standard input");
      }
      return line.toCharArray();
    }
  }

  /** {@code margay console link}. */
  @Command(
      name = "link",
      description = "Prints a link that signs a browser in, once.",
      mixinStandardHelpOptions = true)
  static final class Link implements Runnable {
    @Spec private CommandSpec spec;

    @Option(
        names = "--console",
        paramLabel = "URL",
        description = "The console to ask (default: that of the running demo, or of margay up).")
    private @Nullable String console;

    @Override
    public void run() {
      PrintWriter out = spec.commandLine().getOut();
      try (ConsoleClient client = ConsoleClient.of(Optional.ofNullable(console))) {
        String path =
            client
                .post("/api/v1/session/link", new JsonMapper().createObjectNode())
                .path("path")
                .asText();
        out.println(client.address(path));
        out.flush();
      }
    }
  }
}
