package io.margay.app.cli;

import io.margay.network.cni.CniException;
import io.margay.network.cni.CniException.Code;
import io.margay.network.cni.CniExchange;
import io.margay.network.cni.CniExchange.Answer;
import io.margay.network.cni.CniServer;
import io.margay.network.cni.CniVersions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code margay cni}: what a container runtime calls. It only carries words to the node process.
 */
@Command(
    name = "cni",
    description = {
      "The CNI plugin (versions 0.3.0 to 1.1.0): a container runtime calls it, not a user.",
      "Reads the variables CNI_* and a network's configuration on standard input, and lets"
          + " 'margay node --cni-socket' do it."
    },
    mixinStandardHelpOptions = true)
public final class CniCommand implements Callable<Integer> {
  /** Where node processes listen, unless told otherwise. */
  static final String SOCKET = "/run/margay/cni.sock";

  @Spec private CommandSpec spec;

  @Option(
      names = "--socket",
      paramLabel = "PATH",
      defaultValue = SOCKET,
      description = "Where the node process listens; ${DEFAULT-VALUE} if not given.")
  private Path socket = Path.of(SOCKET);

  @Override
  public Integer call() throws IOException {
    Map<String, String> environment = System.getenv();
    PrintWriter out = spec.commandLine().getOut();
    String command = environment.getOrDefault("CNI_COMMAND", "");
    if (command.equals("VERSION")) {
      out.println(CniVersions.answer());
      out.flush();
      return 0;
    }
    String input = new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
    Answer answer = ask(command, CniExchange.question(environment, input), input);
    if (!answer.output().isEmpty()) {
      out.println(answer.output());
      out.flush();
    }
    return answer.exitCode();
  }

  private Answer ask(String command, String question, String input) {
    try {
      return CniServer.ask(socket, question);
    } catch (IOException e) {
      Code code = command.equals("STATUS") ? Code.NOT_AVAILABLE : Code.TRY_AGAIN_LATER;
      String message =
          "no node process answers at " + socket + ": is 'margay node --cni-socket' running?";
      return Answer.of(new CniException(code, message, e), CniExchange.version(input));
    } catch (CniException e) {
      return Answer.of(e, CniExchange.version(input));
    }
  }
}
