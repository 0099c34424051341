package io.margay.network.cni;

import io.margay.network.cni.CniException.Code;
import io.margay.network.cni.CniWire.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/**
 * What a container runtime starts: it carries the runtime's words to the node process and the
 * answer back. A program of its own, without the command line's libraries, since their start would
 * take longer than all that the node process does.
 */
public final class Shim {
  /** Where node processes listen, unless told otherwise. */
  public static final String SOCKET = "/run/margay/cni.sock";

  private Shim() {}

  /** Asks at {@link #SOCKET}. */
  public static void main(String[] arguments) throws IOException {
    PrintWriter out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
    System.exit(run(Path.of(SOCKET), System.getenv(), System.in, out));
  }

  /**
   * Serves one call.
   *
   * @param environment the runtime's, with its variables {@code CNI_*}
   * @param in the network's configuration
   * @param out receives the result, or the error as the specification writes it
   * @return the exit status
   */
  public static int run(
      Path socket, Map<String, String> environment, InputStream in, PrintWriter out)
      throws IOException {
    String command = environment.getOrDefault("CNI_COMMAND", "");
    Answer answer =
        command.equals("VERSION")
            ? new Answer(0, CniVersions.answer().toString())
            : answer(socket, command, environment, in);
    if (!answer.output().isEmpty()) {
      out.println(answer.output());
    }
    out.flush();
    return answer.exitCode();
  }

  private static Answer answer(
      Path socket, String command, Map<String, String> environment, InputStream in)
      throws IOException {
    String input = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    try {
      return ask(socket, CniWire.question(environment, input));
    } catch (IOException e) {
      Code code = command.equals("STATUS") ? Code.NOT_AVAILABLE : Code.TRY_AGAIN_LATER;
      String message =
          "no node process answers at " + socket + ": is 'margay node --cni-socket' running?";
      return Answer.of(new CniException(code, message, e), CniConfig.version(input));
    } catch (CniException e) {
      return Answer.of(e, CniConfig.version(input));
    }
  }

  /** Throws IOException if nobody listens. */
  private static Answer ask(Path socket, String question) throws IOException {
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      ByteBuffer bytes = ByteBuffer.wrap(question.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.shutdownOutput();
      byte[] answer = Channels.newInputStream(channel).readAllBytes();
      return CniWire.readAnswer(new String(answer, StandardCharsets.UTF_8));
    }
  }
}
