package io.margay.network.cni;

import io.margay.network.cni.CniException.Code;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * A call of a CNI runtime: what its environment says, and the configuration from standard input.
 *
 * @param containerId empty for STATUS, GC and VERSION
 * @param netns path of the container's namespace; may be empty for DEL
 * @param ifName of the interface inside
 * @param args the runtime's further words, such as the pod's name
 */
public record CniCall(
    Command command,
    String containerId,
    String netns,
    String ifName,
    Map<String, String> args,
    CniConfig config) {
  private static final int LONGEST_INTERFACE = 15;
  private static final Pattern CONTAINER = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]*");

  /** What a runtime can ask for. */
  public enum Command {
    ADD,
    DEL,
    CHECK,
    STATUS,
    GC,
    VERSION;

    boolean isAboutAContainer() {
      return switch (this) {
        case ADD, DEL, CHECK -> true;
        case STATUS, GC, VERSION -> false;
      };
    }
  }

  public CniCall {
    args = Map.copyOf(args);
  }

  /**
   * Reads a call.
   *
   * @param environment with the variables {@code CNI_*}
   * @param input the configuration as JSON; not read for VERSION
   * @throws CniException if it is not what the specification says
   */
  public static CniCall read(Map<String, String> environment, String input) {
    Command command = command(environment.getOrDefault("CNI_COMMAND", ""));
    if (command == Command.VERSION) {
      return new CniCall(command, "", "", "", Map.of(), CniConfig.NONE);
    }
    CniCall call =
        new CniCall(
            command,
            environment.getOrDefault("CNI_CONTAINERID", ""),
            environment.getOrDefault("CNI_NETNS", ""),
            environment.getOrDefault("CNI_IFNAME", ""),
            args(environment.getOrDefault("CNI_ARGS", "")),
            CniConfig.read(input));
    if (command.isAboutAContainer()) {
      call.checkContainer();
    }
    return call;
  }

  private static Command command(String text) {
    return Arrays.stream(Command.values())
        .filter(command -> command.name().equals(text))
        .findFirst()
        .orElseThrow(() ->
            new CniException(
                Code.INVALID_ENVIRONMENT,
                "CNI_COMMAND is \"" + text + "\": one of ADD, DEL, CHECK, STATUS, GC, VERSION"));
  }

  private void checkContainer() {
    if (!CONTAINER.matcher(containerId).matches()) {
      throw new CniException(
          Code.INVALID_ENVIRONMENT,
          "CNI_CONTAINERID is \"" + containerId + "\": letters, digits, dots, dashes, underscores");
    }
    if (netns.isEmpty() && command != Command.DEL) {
      throw new CniException(
          Code.INVALID_ENVIRONMENT, "CNI_NETNS is missing: the path of the container's namespace");
    }
    boolean bad =
        ifName.isEmpty()
            || ifName.length() > LONGEST_INTERFACE
            || ifName.equals(".")
            || ifName.equals("..")
            || ifName.chars().anyMatch(c -> c == '/' || c == ':' || c <= ' ' || c > '~');
    if (bad) {
      throw new CniException(
          Code.INVALID_ENVIRONMENT,
          "CNI_IFNAME is \"" + ifName + "\": the name of an interface, such as eth0");
    }
  }

  /** {@code A=B;C=D}. */
  private static Map<String, String> args(String text) {
    Map<String, String> args = new TreeMap<>();
    for (String pair : text.split(";")) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        args.put(pair.substring(0, equals), pair.substring(equals + 1));
      } else if (!pair.isBlank()) {
        throw new CniException(
            Code.INVALID_ENVIRONMENT, "CNI_ARGS has \"" + pair + "\": write KEY=VALUE;KEY=VALUE");
      }
    }
    return args;
  }

  /** The namespace of the pod. */
  String podNamespace() {
    return kubernetes("K8S_POD_NAMESPACE");
  }

  String podName() {
    return kubernetes("K8S_POD_NAME");
  }

  private String kubernetes(String name) {
    String value = args.getOrDefault(name, "");
    if (value.isEmpty()) {
      throw new CniException(
          Code.INVALID_ENVIRONMENT,
          "CNI_ARGS has no " + name + ": only pods of Kubernetes can be attached");
    }
    return value;
  }

  /** By which the container's addresses are released. */
  String handle() {
    return config.name() + "." + containerId;
  }
}
