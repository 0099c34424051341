package io.margay.network.cni;

import io.margay.network.cni.CniException.Code;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the shim and the node process say to each other: a question there, an answer back.
 *
 * <pre>
 *   CNI_COMMAND=ADD          0
 *   CNI_CONTAINERID=…        {"cniVersion": …}
 *
 *   {"cniVersion": …}
 * </pre>
 *
 * Plain lines and nothing but the JDK, since each pod waits for the start of the shim's JVM.
 */
final class CniWire {
  private CniWire() {}

  /** The answer to a runtime; the output may be empty. */
  record Answer(int exitCode, String output) {
    /** An error, as the specification writes it. */
    static Answer of(CniException failure, String cniVersion) {
      return new Answer(1, failure.json(cniVersion).toString());
    }

    String text() {
      return exitCode + "\n" + output;
    }
  }

  /**
   * What a runtime wants.
   *
   * @param environment the variables {@code CNI_*}
   * @param input the configuration from standard input
   */
  record Question(Map<String, String> environment, String input) {}

  /**
   * Writes a question.
   *
   * @param environment of which only the variables {@code CNI_*} are told
   * @throws CniException if one of them has a line break
   */
  static String question(Map<String, String> environment, String input) {
    StringBuilder text = new StringBuilder();
    for (Map.Entry<String, String> variable : new TreeMap<>(environment).entrySet()) {
      if (variable.getKey().startsWith("CNI_")) {
        if (variable.getValue().indexOf('\n') >= 0) {
          throw new CniException(
              Code.INVALID_ENVIRONMENT, variable.getKey() + " has a line break: remove it");
        }
        text.append(variable.getKey()).append('=').append(variable.getValue()).append('\n');
      }
    }
    return text.append('\n').append(input).toString();
  }

  /**
   * Reads a question.
   *
   * @throws CniException if it breaks off or is none
   */
  static Question readQuestion(String text) {
    Map<String, String> environment = new TreeMap<>();
    int start = 0;
    while (true) {
      int end = text.indexOf('\n', start);
      if (end == start) {
        return new Question(environment, text.substring(end + 1));
      }
      int equals = text.indexOf('=', start);
      if (end < 0 || equals < 0 || equals > end) {
        throw new CniException(Code.UNREADABLE, "not a question of the shim");
      }
      environment.put(text.substring(start, equals), text.substring(equals + 1, end));
      start = end + 1;
    }
  }

  /**
   * Reads an answer.
   *
   * @throws CniException if it breaks off or is none
   */
  static Answer readAnswer(String text) {
    int end = text.indexOf('\n');
    String code = text.substring(0, Math.max(0, end));
    if (code.equals("0") || code.equals("1")) {
      return new Answer(code.charAt(0) - '0', text.substring(end + 1));
    }
    throw new CniException(Code.IO_FAILURE, "the node process ended in the middle of its answer");
  }
}
